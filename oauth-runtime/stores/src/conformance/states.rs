//! The rules of [`StateStore`].

use super::{
    report::{Finding, Report, expect},
    setup::{number, together},
};
use oauth_runtime::StateStore;
use std::{sync::Arc, time::Duration};

const MINUTE: Duration = Duration::from_secs(60);
const CALLERS: usize = 32;

/// Tries every rule of [`StateStore`] on `store`, but how many texts it keeps; see [`full_state_store`] for that.
pub async fn state_store<S: StateStore>(store: S) -> Report {
    let store = Arc::new(store);
    let mut report = Report::default();
    report.rule("a text comes back as it went, once", comes_back(&store)).await;
    report.rule("a key in use is refused, and its text stays", in_use(&store)).await;
    report.rule("keys are told apart by every byte", keys(&store)).await;
    report.rule("a text lapses, and its key is free again", lapses(&store)).await;
    report.rule("a time to live may be as long as it likes", endless(&store)).await;
    report.rule("of many who put a text at once, one is told that it is kept", puts(&store)).await;
    report.rule("of many who take a text at once, one gets it", takes(&store)).await;
    report
}

/// Tries whether `store`, which keeps `capacity` texts at the most, makes room for new ones. Other texts in it are driven out.
pub async fn full_state_store<S: StateStore>(store: S, capacity: usize) -> Report {
    let mut report = Report::default();
    report
        .rule("a full store makes room for the newest, and the oldest is gone", full(&store, capacity))
        .await;
    report
}

fn key(name: &str) -> String {
    format!("conformance.{}.{name}", number())
}

async fn comes_back(store: &Arc<impl StateStore>) -> Finding {
    for value in ["value", "", "ü \" ' \\ % \n {}", &"v".repeat(9000)] {
        let key = key("back");
        expect(store.put(&key, value, MINUTE).await?, "a text under a free key was not kept")?;
        let taken = store.take(&key).await?;
        expect(taken.as_deref() == Some(value), format!("{taken:?} came back for {value:?}"))?;
        let again = store.take(&key).await?;
        expect(again.is_none(), "it came back twice")?;
    }
    let taken = store.take(&key("nothing")).await?;
    expect(taken.is_none(), format!("{taken:?} came for a key that nobody put"))
}

async fn in_use(store: &Arc<impl StateStore>) -> Finding {
    let key = key("use");
    expect(store.put(&key, "first", MINUTE).await?, "a text under a free key was not kept")?;
    expect(!store.put(&key, "second", MINUTE).await?, "a second text was kept under the same key")?;
    let taken = store.take(&key).await?;
    expect(taken.as_deref() == Some("first"), format!("{taken:?} came back, not the first one"))?;
    expect(store.put(&key, "third", MINUTE).await?, "the key was not free after its text was taken")?;
    expect(store.take(&key).await?.as_deref() == Some("third"), "the third one did not come back")
}

async fn keys(store: &Arc<impl StateStore>) -> Finding {
    let key = key("Key");
    let keys = [key.clone(), key.to_lowercase(), format!("{key} "), format!("{key}-_A"), format!("{key}-_a")];
    for (number, key) in keys.iter().enumerate() {
        expect(store.put(key, &number.to_string(), MINUTE).await?, format!("`{key}` counted as one in use"))?;
    }
    for (number, key) in keys.iter().enumerate() {
        let taken = store.take(key).await?;
        expect(taken == Some(number.to_string()), format!("`{key}` gave {taken:?}"))?;
    }
    Ok(())
}

async fn lapses(store: &Arc<impl StateStore>) -> Finding {
    let (brief, never, reused) = (key("brief"), key("never"), key("reused"));
    let time = Duration::from_millis(1200);
    for key in [&brief, &reused] {
        expect(store.put(key, "value", time).await?, "a text under a free key was not kept")?;
    }
    expect(store.put(&never, "value", Duration::ZERO).await?, "a free key was taken for a text of no time")?;
    expect(store.take(&never).await?.is_none(), "a text with no time to live came back")?;
    expect(!store.put(&brief, "other", Duration::ZERO).await?, "a key was free although a text is there")?;
    tokio::time::sleep(time + Duration::from_millis(100)).await;
    expect(store.take(&brief).await?.is_none(), "a lapsed text came back")?;
    expect(store.put(&reused, "newer", MINUTE).await?, "the key of a lapsed text was not free")?;
    let taken = store.take(&reused).await?;
    expect(taken.as_deref() == Some("newer"), format!("{taken:?} came back, not the newer text"))
}

async fn endless(store: &Arc<impl StateStore>) -> Finding {
    let key = key("endless");
    expect(store.put(&key, "value", Duration::MAX).await?, "it was not kept")?;
    expect(store.take(&key).await?.as_deref() == Some("value"), "it did not come back")
}

async fn puts(store: &Arc<impl StateStore>) -> Finding {
    for _ in 0..10 {
        let key = key("puts");
        let kept = together(CALLERS, |number| {
            let (store, key) = (store.clone(), key.clone());
            async move { store.put(&key, &number.to_string(), MINUTE).await }
        })
        .await?;
        let kept: Vec<_> = kept.into_iter().filter(|(_, kept)| *kept).map(|(number, _)| number).collect();
        expect(kept.len() == 1, format!("{} were told so", kept.len()))?;
        let taken = store.take(&key).await?;
        expect(taken == Some(kept[0].to_string()), "the text of another one is there")?;
    }
    Ok(())
}

async fn takes(store: &Arc<impl StateStore>) -> Finding {
    for _ in 0..10 {
        let key = key("takes");
        expect(store.put(&key, "value", MINUTE).await?, "a text under a free key was not kept")?;
        let taken = together(CALLERS, |_| {
            let (store, key) = (store.clone(), key.clone());
            async move { store.take(&key).await }
        })
        .await?;
        let count = taken.iter().filter(|(_, taken)| taken.is_some()).count();
        expect(count == 1, format!("{count} got it"))?;
    }
    Ok(())
}

async fn full(store: &impl StateStore, capacity: usize) -> Finding {
    let name = key("full");
    let count = capacity + capacity / 10 + 10;
    for number in 0..count {
        expect(store.put(&format!("{name}.{number}"), "value", MINUTE).await?, "a text was not kept")?;
    }
    let mut left = 0;
    for number in (0..count).rev() {
        let is_there = store.take(&format!("{name}.{number}")).await?.is_some();
        left += usize::from(is_there);
        expect(is_there || number + 1 != count, "the newest one is gone")?;
        expect(!is_there || number != 0, "the oldest one is still there")?;
    }
    expect(left <= capacity, format!("{left} texts were kept"))?;
    expect(left * 2 >= capacity, format!("only {left} texts were kept"))
}
