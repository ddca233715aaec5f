//! The policies bundled with Plangate, as text: what `plangate::Source::bundled` compiles.
//!
//! One policy a file under `<family>/<name>.rego`, its tests beside it in `<name>_test.rego`. What several policies need is in
//! `lib/`, in packages `plangate.lib.<name>`; what several tests need is there too, in files that end like tests.

/// A file of this folder: its path from here and its text.
pub type File = (&'static str, &'static str);

/// The bundled policies and the libraries that they import, sorted by path. A test compares the list with the folder.
pub const POLICIES: &[File] = &[
    ("access/admins.rego", include_str!("access/admins.rego")),
    ("access/freeze_window.rego", include_str!("access/freeze_window.rego")),
    ("access/team_label.rego", include_str!("access/team_label.rego")),
    (
        "approval/by_environment.rego",
        include_str!("approval/by_environment.rego"),
    ),
    ("approval/by_type.rego", include_str!("approval/by_type.rego")),
    (
        "approval/changes_requested.rego",
        include_str!("approval/changes_requested.rego"),
    ),
    ("approval/four_eyes.rego", include_str!("approval/four_eyes.rego")),
    ("lib/changes.rego", include_str!("lib/changes.rego")),
    ("lib/environments.rego", include_str!("lib/environments.rego")),
    ("lib/names.rego", include_str!("lib/names.rego")),
    ("lib/paths.rego", include_str!("lib/paths.rego")),
    ("lib/resources.rego", include_str!("lib/resources.rego")),
    ("lib/sensitive.rego", include_str!("lib/sensitive.rego")),
    ("lib/tags.rego", include_str!("lib/tags.rego")),
    ("lib/teams.rego", include_str!("lib/teams.rego")),
    ("plan/blast_radius.rego", include_str!("plan/blast_radius.rego")),
    (
        "plan/no_stateful_destroy.rego",
        include_str!("plan/no_stateful_destroy.rego"),
    ),
    ("plan/public_ingress.rego", include_str!("plan/public_ingress.rego")),
    ("plan/trustworthy.rego", include_str!("plan/trustworthy.rego")),
    (
        "tagging/allowed_values.rego",
        include_str!("tagging/allowed_values.rego"),
    ),
    (
        "tagging/no_tag_removal.rego",
        include_str!("tagging/no_tag_removal.rego"),
    ),
    (
        "tagging/owner_matches_team.rego",
        include_str!("tagging/owner_matches_team.rego"),
    ),
    ("tagging/required_tags.rego", include_str!("tagging/required_tags.rego")),
];

/// Tests of the bundled policies and the library that they import, sorted by path.
pub const TESTS: &[File] = &[
    ("access/admins_test.rego", include_str!("access/admins_test.rego")),
    (
        "access/freeze_window_test.rego",
        include_str!("access/freeze_window_test.rego"),
    ),
    (
        "access/team_label_test.rego",
        include_str!("access/team_label_test.rego"),
    ),
    (
        "approval/by_environment_test.rego",
        include_str!("approval/by_environment_test.rego"),
    ),
    ("approval/by_type_test.rego", include_str!("approval/by_type_test.rego")),
    (
        "approval/changes_requested_test.rego",
        include_str!("approval/changes_requested_test.rego"),
    ),
    (
        "approval/four_eyes_test.rego",
        include_str!("approval/four_eyes_test.rego"),
    ),
    ("lib/environments_test.rego", include_str!("lib/environments_test.rego")),
    ("lib/fixtures_test.rego", include_str!("lib/fixtures_test.rego")),
    ("lib/names_test.rego", include_str!("lib/names_test.rego")),
    ("lib/paths_test.rego", include_str!("lib/paths_test.rego")),
    ("lib/resources_test.rego", include_str!("lib/resources_test.rego")),
    ("lib/tags_test.rego", include_str!("lib/tags_test.rego")),
    ("lib/teams_test.rego", include_str!("lib/teams_test.rego")),
    (
        "plan/blast_radius_test.rego",
        include_str!("plan/blast_radius_test.rego"),
    ),
    (
        "plan/no_stateful_destroy_test.rego",
        include_str!("plan/no_stateful_destroy_test.rego"),
    ),
    (
        "plan/public_ingress_test.rego",
        include_str!("plan/public_ingress_test.rego"),
    ),
    ("plan/trustworthy_test.rego", include_str!("plan/trustworthy_test.rego")),
    (
        "tagging/allowed_values_test.rego",
        include_str!("tagging/allowed_values_test.rego"),
    ),
    (
        "tagging/no_tag_removal_test.rego",
        include_str!("tagging/no_tag_removal_test.rego"),
    ),
    (
        "tagging/owner_matches_team_test.rego",
        include_str!("tagging/owner_matches_team_test.rego"),
    ),
    (
        "tagging/required_tags_test.rego",
        include_str!("tagging/required_tags_test.rego"),
    ),
];

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    /// The Rego files below a folder of this crate, as paths from the crate's root.
    fn rego_files(folder: &str) -> Vec<String> {
        let mut found = Vec::new();
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let path = if folder.is_empty() {
                name
            } else {
                format!("{folder}/{name}")
            };
            if entry.file_type().unwrap().is_dir() {
                found.extend(rego_files(&path));
            } else if Path::new(&path)
                .extension()
                .is_some_and(|extension| extension == "rego")
            {
                found.push(path);
            }
        }
        found.sort();
        found
    }

    fn paths(files: &[File]) -> Vec<String> {
        files.iter().map(|(path, _)| (*path).to_owned()).collect()
    }

    #[test]
    fn the_lists_are_what_the_folder_holds() {
        let (tests, policies) = rego_files("")
            .into_iter()
            .partition::<Vec<_>, _>(|path| path.ends_with("_test.rego"));
        assert_eq!(paths(POLICIES), policies);
        assert_eq!(paths(TESTS), tests);
    }

    #[test]
    fn every_policy_has_tests() {
        for (path, _) in POLICIES.iter().filter(|(path, _)| !path.starts_with("lib/")) {
            let test = path.replace(".rego", "_test.rego");
            assert!(TESTS.iter().any(|(path, _)| *path == test), "{test} is missing");
        }
    }

    #[test]
    fn packages_follow_paths() {
        for (path, text) in POLICIES {
            let package = format!("package plangate.{}", path.trim_end_matches(".rego").replace('/', "."));
            assert!(
                text.lines().any(|line| line == package),
                "{path} does not say `{package}`"
            );
        }
    }
}
