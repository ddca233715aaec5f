//! Did you mean: the known name that was probably meant by an unknown one.

/// The known name nearest to `found`, where one is near: one edit, and one more for each three letters.
pub(crate) fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let found = found.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&found, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= (found.chars().count().min(name.chars().count()) / 3).max(1))
        .min()
        .map(|(_, name)| name)
}

/// `did you mean ...`, or all names where none is near and they are few.
pub(crate) fn help<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(found, known.iter().copied()) {
        Some(name) => Some(format!("did you mean `{name}`?")),
        None if (1..=12).contains(&known.len()) => Some(format!("expected one of: {}", known.join(", "))),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested() {
        assert_eq!(nearest("denny", ["deny", "warn"]), Some("deny"));
        assert_eq!(nearest("requierd", ["required", "overrides"]), Some("required"));
        assert_eq!(nearest("x", ["deny", "warn"]), None);
        assert_eq!(
            help("x", ["deny", "warn"]).as_deref(),
            Some("expected one of: deny, warn")
        );
        assert_eq!(help("x", []), None);
    }
}
