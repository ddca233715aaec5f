//! Template strings as calls of `concat` and `sprintf`.

use crate::rego::syntax::{Literal, LiteralKind, Part, Span, Term, TermKind, With};

use super::Lowering;

impl Lowering<'_> {
    /// `$"a {x}"` is `concat("", ["a ", …])`; an undefined `x` is shown as `<undefined>`.
    pub(super) fn template(&mut self, span: Span, parts: Vec<Part>) -> Term {
        let mut parts: Vec<Term> = parts
            .into_iter()
            .map(|part| match part {
                Part::Text(text) => Term::string(span, text),
                Part::Term(term, _) if term.as_string().is_some() => term,
                Part::Term(term, with) => self.template_part(term, with),
            })
            .collect();
        match parts.as_slice() {
            [] => Term::string(span, ""),
            [only] if only.as_string().is_some() => parts.remove(0),
            _ => Term::call(
                span,
                "concat",
                vec![Term::string(span, ""), Term::new(span, TermKind::Array(parts))],
            ),
        }
    }

    /// `object.get({"text": sprintf("%v", [x]) | x := term}, "text", "<undefined>")`
    fn template_part(&mut self, term: Term, with: Vec<With>) -> Term {
        let span = term.span;
        let value = self.fresh(span);
        let statement = Literal {
            span,
            kind: LiteralKind::Operand(value.clone(), term),
            with,
        };
        let body = self.body(vec![statement]);
        let text = Term::call(
            span,
            "sprintf",
            vec![Term::string(span, "%v"), Term::new(span, TermKind::Array(vec![value]))],
        );
        let key = Term::string(span, "text");
        let found = Term::new(span, TermKind::ObjectComprehension(Box::new((key.clone(), text)), body));
        Term::call(span, "object.get", vec![found, key, Term::string(span, "<undefined>")])
    }
}
