//! What policies read of the document.

use super::PolicySet;
use crate::engine;
use crate::rego::{Module, Term, TermKind, footprint, visit};

impl PolicySet {
    /// The paths of the document that a policy can read, such as `plan.resources.*.tags.**`: `*` is any member or element, `**` everything
    /// from there on. Sound: what is not listed cannot change what the policy says. Empty for a policy that is not in the set.
    ///
    /// ```
    /// # fn main() -> Result<(), plangate::Error> {
    /// use plangate::{PolicySet, Source};
    ///
    /// let policy = Source::new("p.rego", r#"
    /// package plangate.plan.no_iam
    ///
    /// deny contains resource.address if some resource in input.plan.by_type.aws_iam_role
    /// "#);
    /// let policies = PolicySet::compile([policy])?;
    /// assert_eq!(policies.reads("plan.no_iam"), ["plan.by_type.aws_iam_role.*.address.**"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn reads(&self, id: &str) -> Vec<String> {
        let Some(policy) = self.policies.iter().find(|policy| policy.id == id) else {
            return Vec::new();
        };
        let own = self
            .modules
            .iter()
            .filter(|module| *module.source == *policy.source.name());
        let modules: Vec<Module> = self.used_by(own.collect()).into_iter().cloned().collect();
        let found = footprint(&modules, engine::callable(), &|path| path.first() == Some(&"plangate"));
        found
            .member("input")
            .map(|input| input.paths().into_iter().collect())
            .unwrap_or_default()
    }

    /// These modules, and those whose packages they refer to, and so on.
    fn used_by<'a>(&'a self, mut used: Vec<&'a Module>) -> Vec<&'a Module> {
        let mut seen = 0;
        while let Some(module) = used.get(seen).copied() {
            seen += 1;
            for rule in &module.rules {
                visit::terms_of_rule(rule, &mut |term| {
                    for other in self.modules.iter().filter(|other| refers_to(term, other)) {
                        if !used.iter().any(|known| known.source == other.source) {
                            used.push(other);
                        }
                    }
                });
            }
        }
        used
    }
}

/// Whether a term is a path into the module's package, or one on which the package lies.
fn refers_to(term: &Term, module: &Module) -> bool {
    let TermKind::Ref(head, steps) = &term.kind else {
        return false;
    };
    let is_data = matches!(&head.kind, TermKind::Var(name) if &**name == "data");
    is_data
        && steps
            .iter()
            .zip(module.package_path())
            .all(|(step, part)| match &step.kind {
                TermKind::String(name) => *name == part,
                // A name that is only known while the policy runs can be any.
                _ => true,
            })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Source;

    #[test]
    fn reads_are_per_policy() {
        let policies = PolicySet::compile([
            Source::new("a.rego", "package plangate.plan.a\nimport data.plangate.lib.l\ndeny contains \"x\" if { some r in input.plan.resources; l.big(r) }"),
            Source::new("b.rego", "package plangate.plan.b\ndeny contains \"x\" if input.time"),
            Source::new("l.rego", "package plangate.lib.l\nbig(r) if r.after.size > 10"),
        ])
        .unwrap();
        assert_eq!(policies.reads("plan.a"), ["plan.resources.*.after.size.**"]);
        assert_eq!(policies.reads("plan.b"), ["time"]);
        assert!(policies.reads("plan.c").is_empty());
    }
}
