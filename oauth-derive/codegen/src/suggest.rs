//! "did you mean": the nearest known name.

/// The candidate nearest to the word, if it is near enough to be what was meant.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    let known = candidates.into_iter().map(|candidate| (distance(word, candidate), candidate));
    known
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// The end of a message: `; did you mean ..?`, or nothing.
pub(crate) fn hint<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, candidates).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

/// How many letters must change, come, go or swap with their neighbour (letter case aside).
fn distance(one: &str, other: &str) -> usize {
    let one: Vec<char> = one.to_lowercase().chars().collect();
    let other: Vec<char> = other.to_lowercase().chars().collect();
    let mut rows = vec![(0..=other.len()).collect::<Vec<_>>()];
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let swapped = i > 0 && j > 0 && one[i - 1] == *b && *a == other[j - 1];
            let swap = if swapped { rows[i - 1][j - 1] + 1 } else { usize::MAX };
            let change = rows[i][j] + usize::from(a != b);
            row.push(change.min(rows[i][j + 1] + 1).min(row[j] + 1).min(swap));
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_near_is_suggested() {
        let names = ["token_endpoint", "tenant", "scope"];
        for (word, expected) in [
            ("token_endpont", Some("token_endpoint")),
            ("tokenendpoint", Some("token_endpoint")),
            ("tnt", None),
            ("tenatn", Some("tenant")),
            ("Scope", Some("scope")),
            ("zzz", None),
        ] {
            assert_eq!(nearest(word, names), expected, "{word}");
        }
    }
}
