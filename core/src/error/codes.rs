//! Every code that an error can have, and what it means.

use super::Error;

impl Error {
    /// Every [`code`](Error::code) there is, sorted, and what it means in one line.
    ///
    /// A code never changes its meaning. New ones are added as new mistakes are recognized, so match on [`kind`](Error::kind) where
    /// every error has to be covered.
    ///
    /// ```
    /// let error = plangate::Input::from_terraform(b"[]").unwrap_err();
    /// let (_, meaning) = plangate::Error::CODES.iter().find(|(code, _)| *code == error.code()).unwrap();
    /// assert_eq!((error.code(), *meaning), ("plan.array", "a JSON array is given where the plan should be"));
    /// ```
    pub const CODES: &[(&'static str, &'static str)] = &[
        (
            "change.empty_list",
            "an empty list is given as a payload and does not say what it lists",
        ),
        (
            "change.mismatch",
            "payloads of different pull requests are given together",
        ),
        (
            "change.shape",
            "a payload lacks a member, or a member has the wrong type",
        ),
        ("change.team_slug", "the name of a team is not a slug"),
        (
            "change.unrecognized",
            "a payload is none that a vendor is known to send",
        ),
        ("config.policy", "`plangate.toml` sets a policy that is not in the set"),
        ("config.schema", "a setting does not fit the schema of its policy"),
        (
            "config.setting",
            "a key of `plangate.toml` is unknown, or its value has the wrong type or word",
        ),
        ("config.syntax", "`plangate.toml` is not TOML"),
        ("context.empty", "a name or an id in the context is an empty string"),
        (
            "context.missing_member",
            "an actor, stack, request or run lacks a member that it needs",
        ),
        (
            "context.shape",
            "a member of an actor, stack, request or run has the wrong type",
        ),
        (
            "context.unknown_member",
            "an actor, stack, request or run has a member that nothing reads",
        ),
        ("json.depth", "a JSON document nests deeper than the limit"),
        ("json.duplicate_key", "a JSON object has the same key twice"),
        ("json.encoding", "a JSON document is not UTF-8"),
        ("json.syntax", "a document is not JSON, or was cut off"),
        ("json.trailing", "something follows the end of a JSON document"),
        ("plan.ambiguous", "a document has several plans in it"),
        ("plan.array", "a JSON array is given where the plan should be"),
        ("plan.binary", "a binary plan file is given, not its JSON"),
        ("plan.compressed", "the plan is compressed"),
        (
            "plan.configuration",
            "the JSON of a configuration alone is given, not a plan",
        ),
        ("plan.empty", "the plan's file is empty"),
        ("plan.encoding", "the plan is neither UTF-8 nor UTF-16"),
        (
            "plan.format_version",
            "the plan has a format version that is not supported",
        ),
        ("plan.hcl", "a configuration file is given, not a plan"),
        (
            "plan.json_lines",
            "the JSON lines of `plan -json` or `apply -json` are given, not a plan",
        ),
        ("plan.not_a_plan", "a JSON document is given that is not a plan"),
        ("plan.not_json", "a text is given that is not JSON"),
        (
            "plan.paths",
            "the plan marks more unknown and sensitive values than a plan of its size has",
        ),
        ("plan.schemas", "the schemas of providers are given, not a plan"),
        ("plan.several", "several plans are given in one file"),
        ("plan.shape", "a member of the plan has the wrong type"),
        ("plan.state", "a state is given, not a plan"),
        ("plan.text", "Terraform's output for people is given, not its JSON"),
        ("policy.duplicate", "two sources define the same policy"),
        ("policy.empty", "there is no policy to evaluate"),
        (
            "policy.engine",
            "the engine refuses what the front end let through; please report it",
        ),
        ("policy.limit", "a built-in function would make more than the limit"),
        (
            "policy.metadata",
            "the metadata of a policy has an unknown key or a wrong value",
        ),
        (
            "policy.package",
            "a package is not `plangate.<family>.<name>`, or nothing reads it",
        ),
        (
            "policy.path",
            "a policy looks for something that the document cannot have",
        ),
        (
            "policy.refused",
            "a policy calls a built-in function that reaches out of the evaluation",
        ),
        (
            "policy.rules",
            "a policy has no rule that decides, or one that its family does not read",
        ),
        ("policy.runtime", "a policy fails while it runs"),
        (
            "policy.shape",
            "a rule gives a value that its family does not understand",
        ),
        ("policy.time", "a policy runs longer than the limit"),
        (
            "rego.compile",
            "a variable, an import or `with` is used in a way that Rego does not allow",
        ),
        ("rego.metadata", "a `# METADATA` block is not what OPA reads"),
        ("rego.number", "a number is past the range that can be evaluated"),
        ("rego.parse", "a source is not Rego"),
        ("rego.recursion", "a rule depends on itself"),
        ("rego.too_deep", "a source nests deeper than the limit"),
        ("rego.too_long", "a source is longer than the limit"),
        (
            "rego.type",
            "a function is unknown or called wrongly, or rules of one path do not agree",
        ),
        (
            "rego.unsafe_var",
            "a variable has no value that would make the expression true or false",
        ),
        ("render.format", "the name of a report format is unknown"),
        ("time.syntax", "a text is not an RFC 3339 time"),
    ];
}
