//! What can be played, a file each.

mod callbacks;
mod cancel;
mod crash;
mod fresh;
mod hung;
mod kill;
mod logins;
mod race;
mod stop;
mod trial;

use super::{
    Problem,
    ledger::Ledger,
    options::{Options, Play},
    world::World,
};

/// Plays what the flags say; whether every rule held.
pub async fn play(options: Options) -> Result<bool, Problem> {
    let world = World::new(options).await?;
    let mut ledger = Ledger::default();
    match world.options.play {
        Play::Race => race::play(&world, &mut ledger).await?,
        Play::Kill => kill::play(&world, &mut ledger).await?,
        Play::Stop => stop::play(&world, &mut ledger).await?,
        Play::Crash => crash::play(&world, &mut ledger).await?,
        Play::Cancel => cancel::play(&world, &mut ledger).await?,
        Play::Callbacks => callbacks::play(&world, &mut ledger).await?,
        Play::Logins => logins::play(&world, &mut ledger).await?,
        Play::Hung => hung::play(&world, &mut ledger).await?,
        Play::Fresh => fresh::play(&world, &mut ledger).await?,
    }
    Ok(ledger.is_clean())
}
