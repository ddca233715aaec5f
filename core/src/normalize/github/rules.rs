//! What GitHub demands of changes to a branch: branch protection and rulesets, two places that both bind.

use std::collections::BTreeSet;

use super::super::cursor::Cursor;
use crate::error::Error;
use crate::input::{ProtectionRules, Tri};

/// What one answer demands. `None` where it does not tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Demands {
    approvals: Option<u64>,
    dismiss_stale: Option<bool>,
    code_owners: Option<bool>,
    last_push: Option<bool>,
    signatures: Option<bool>,
    no_force_push: Option<bool>,
    admins: Option<bool>,
}

/// Reads `GET branches/B/protection`. An answer means that the branch is protected.
pub(super) fn branch_protection(object: &Cursor<'_>) -> Result<Demands, Error> {
    let enabled = |name: &str| {
        object
            .member(name)?
            .map_or(Ok(None), |setting| setting.flag_of("enabled"))
    };
    let mut demands = Demands {
        signatures: enabled("required_signatures")?,
        no_force_push: enabled("allow_force_pushes")?.map(|allowed| !allowed),
        admins: enabled("enforce_admins")?,
        ..Demands::default()
    };
    let (approvals, [stale, owners, last]) = match object.member("required_pull_request_reviews")? {
        Some(reviews) => (
            reviews.count_of("required_approving_review_count")?,
            [
                reviews.flag_of("dismiss_stale_reviews")?,
                reviews.flag_of("require_code_owner_reviews")?,
                reviews.flag_of("require_last_push_approval")?,
            ],
        ),
        None => (Some(0), [Some(false); 3]),
    };
    demands.approvals = approvals;
    demands.dismiss_stale = stale;
    demands.code_owners = owners;
    demands.last_push = last;
    Ok(demands)
}

/// Reads one rule of `GET rules/branches/B`.
pub(super) fn rule(object: &Cursor<'_>) -> Result<Demands, Error> {
    let mut demands = Demands::default();
    match object.required("type")?.text()? {
        "required_signatures" => demands.signatures = Some(true),
        "non_fast_forward" => demands.no_force_push = Some(true),
        "pull_request" => {
            if let Some(parameters) = object.member("parameters")? {
                demands.approvals = parameters.count_of("required_approving_review_count")?;
                demands.dismiss_stale = parameters.flag_of("dismiss_stale_reviews_on_push")?;
                demands.code_owners = parameters.flag_of("require_code_owner_review")?;
                demands.last_push = parameters.flag_of("require_last_push_approval")?;
            }
        }
        _ => {}
    }
    Ok(demands)
}

/// Both places together. Something is demanded where either demands it, and not demanded only where both are known and neither does.
/// Without an answer from both, "no" cannot be told: a 404 means no protection or no permission to see it.
pub(super) fn combine(
    protection: &BTreeSet<Demands>,
    rules: &BTreeSet<Demands>,
    all_rules_known: bool,
) -> ProtectionRules {
    let everywhere = || protection.iter().chain(rules);
    let both_known = !protection.is_empty() && all_rules_known;
    let demanded = |part: fn(&Demands) -> Option<bool>| {
        if everywhere().any(|demands| part(demands) == Some(true)) {
            Tri::Yes
        } else if both_known && protection.iter().all(|demands| part(demands).is_some()) {
            Tri::No
        } else {
            Tri::CannotTell
        }
    };
    let most = everywhere().filter_map(|demands| demands.approvals).max();
    let approvals_known = both_known && protection.iter().all(|demands| demands.approvals.is_some());
    ProtectionRules {
        protected: if protection.is_empty() && rules.is_empty() {
            Tri::CannotTell
        } else {
            Tri::Yes
        },
        required_approvals: most.filter(|count| *count > 0 || approvals_known),
        dismiss_stale_reviews: demanded(|demands| demands.dismiss_stale),
        require_code_owners: demanded(|demands| demands.code_owners),
        require_last_push_approval: demanded(|demands| demands.last_push),
        require_signatures: demanded(|demands| demands.signatures),
        enforce_admins: protection.iter().map(|demands| demands.admins).min().flatten().into(),
        allow_force_pushes: match demanded(|demands| demands.no_force_push) {
            Tri::Yes => Tri::No,
            Tri::No => Tri::Yes,
            Tri::CannotTell => Tri::CannotTell,
        },
    }
}
