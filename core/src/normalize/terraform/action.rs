//! What a plan's list of actions means.

use crate::input::{Action, ReplaceOrder};

/// The kind of change, and with a replacement which half comes first.
///
/// Whatever Terraform may add or a hand may write is [`Action::Unknown`], never nothing.
pub(super) fn classify(actions: &[String]) -> (Action, Option<ReplaceOrder>) {
    let words: Vec<&str> = actions.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["no-op"] => (Action::NoOp, None),
        ["create"] => (Action::Create, None),
        ["read"] => (Action::Read, None),
        ["update"] => (Action::Update, None),
        ["delete"] => (Action::Delete, None),
        ["forget"] => (Action::Forget, None),
        ["create", "delete" | "forget"] => (Action::Replace, Some(ReplaceOrder::CreateFirst)),
        ["delete" | "forget", "create"] => (Action::Replace, Some(ReplaceOrder::DeleteFirst)),
        _ => (Action::Unknown, None),
    }
}

/// Whether an object is destroyed. One that is forgotten is not.
pub(super) fn destroys(actions: &[String]) -> bool {
    actions.iter().any(|action| action == "delete")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[&str]) -> (Action, Option<ReplaceOrder>, bool) {
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        let (action, order) = classify(&words);
        (action, order, destroys(&words))
    }

    #[test]
    fn every_row_of_the_table() {
        use ReplaceOrder::{CreateFirst, DeleteFirst};
        assert_eq!(of(&["no-op"]), (Action::NoOp, None, false));
        assert_eq!(of(&["create"]), (Action::Create, None, false));
        assert_eq!(of(&["read"]), (Action::Read, None, false));
        assert_eq!(of(&["update"]), (Action::Update, None, false));
        assert_eq!(of(&["delete", "create"]), (Action::Replace, Some(DeleteFirst), true));
        assert_eq!(of(&["create", "delete"]), (Action::Replace, Some(CreateFirst), true));
        assert_eq!(of(&["delete"]), (Action::Delete, None, true));
        assert_eq!(of(&["forget"]), (Action::Forget, None, false));
        assert_eq!(of(&["create", "forget"]), (Action::Replace, Some(CreateFirst), false));
        assert_eq!(of(&["forget", "create"]), (Action::Replace, Some(DeleteFirst), false));
        assert_eq!(of(&[]), (Action::Unknown, None, false));
        assert_eq!(of(&["NoOp"]), (Action::Unknown, None, false));
        assert_eq!(of(&["no-op", "delete"]), (Action::Unknown, None, true));
    }
}
