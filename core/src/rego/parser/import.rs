//! `package` and `import`.

use crate::rego::fault::Fault;
use crate::rego::syntax::{Import, Name, Span, Term, TermKind, Version};
use crate::suggest;

use super::{FUTURE_KEYWORDS, Parsed, Parser};

impl Parser<'_> {
    pub(super) fn package(&mut self, first: bool) -> Parsed<Vec<Name>> {
        let keyword = self.advance();
        if !first {
            return self.fail(
                Fault::new("rego.parse", keyword.span, "the package is not the first statement")
                    .with_help("a source has one package, before everything else"),
            );
        }
        self.path("the package's name")
    }

    /// `a.b["c"]`, keywords allowed.
    fn path(&mut self, what: &str) -> Parsed<Vec<Name>> {
        if self.word(0).is_none() {
            return self.unexpected(what);
        }
        let head = Term::var(self.token().span, self.advance().span.of(self.text));
        let term = self.steps(head)?;
        let Some(parts) = term.as_path() else {
            let fault = Fault::new("rego.parse", term.span, "the parts of a path must be names or strings")
                .with_help("write it as in `a.b[\"c-d\"]`");
            return self.fail(fault);
        };
        let spans: Vec<Span> = match &term.kind {
            TermKind::Ref(head, steps) => std::iter::once(head.span)
                .chain(steps.iter().map(|step| step.span))
                .collect(),
            _ => vec![term.span],
        };
        let names = parts.into_iter().zip(spans);
        Ok(names.map(|(text, span)| Name { text, span }).collect())
    }

    pub(super) fn import(&mut self) -> Parsed<Import> {
        let start = self.advance().span;
        let path = self.path("a path to import")?;
        let alias = if self.is_keyword("as") {
            self.advance();
            if self.identifier().is_none() {
                return self.unexpected("a name for the import");
            }
            Some(self.name())
        } else {
            None
        };
        let import = Import {
            span: start.to(self.last()),
            path,
            alias,
        };
        self.check_import(&import)?;
        Ok(import)
    }

    fn check_import(&mut self, import: &Import) -> Parsed<()> {
        let parts: Vec<&str> = import.path.iter().map(|name| &*name.text).collect();
        let span = import.path.first().map_or(import.span, |name| name.span);
        let wrong = |message: String, help: &str| Fault::new("rego.parse", span, message).with_help(help);
        if import.is_language() && import.alias.is_some() {
            let fault = wrong(
                "an import that switches on language features has no other name".to_owned(),
                "remove `as` and what follows",
            );
            return self.fail(fault);
        }
        match parts.as_slice() {
            ["rego", "v1"] => {
                self.keywords.extend(FUTURE_KEYWORDS);
                self.version = Version::V1;
                Ok(())
            }
            ["rego", ..] => self.fail(wrong(
                "the only import of this kind is `rego.v1`".to_owned(),
                "write `import rego.v1`, or remove the line",
            )),
            ["future", "keywords"] => {
                self.keywords.extend(FUTURE_KEYWORDS);
                Ok(())
            }
            ["future", "keywords", keyword] => {
                match FUTURE_KEYWORDS.into_iter().find(|known| known == keyword) {
                    Some("every") => self.keywords.extend(["every", "in"]),
                    Some(known) => self.keywords.extend([known]),
                    None => {
                        let help = suggest::nearest(keyword, FUTURE_KEYWORDS).map_or_else(
                            || "there are `contains`, `every`, `if` and `in`".to_owned(),
                            |known| format!("did you mean `{known}`?"),
                        );
                        return self.fail(wrong(format!("`{keyword}` is no future keyword"), &help));
                    }
                }
                Ok(())
            }
            ["future", ..] => self.fail(wrong(
                "the only import of this kind is `future.keywords`".to_owned(),
                "write `import future.keywords`, or remove the line",
            )),
            ["data" | "input", .., last] if import.alias.is_none() && self.names_nothing(last) => self.fail(wrong(
                format!("the import would be named `{last}`, which is a keyword"),
                "give it another name with `as`",
            )),
            ["data" | "input", ..] => Ok(()),
            _ => self.fail(wrong(
                "imports start with `data` or `input`".to_owned(),
                "write the package as in `import data.lib.tags`",
            )),
        }
    }
}
