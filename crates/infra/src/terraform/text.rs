//! Templates of text: interpolations and directives.

use hcl_edit::template::{Directive, Element, ForDirective, IfDirective};

use super::{ModuleId, Terraform, call, list, scalar, unknown};
use crate::tree::{Mark, Node};

impl Terraform<'_> {
    /// Text with values in it.
    pub(super) fn template_text(
        &mut self,
        module: ModuleId,
        file: u32,
        elements: &[&Element],
        at: Mark,
    ) -> Node {
        let mut parts = Vec::new();
        for element in elements {
            parts.push(match element {
                Element::Literal(text) => scalar(text, at),
                Element::Interpolation(interpolation) => self.convert(module, file, &interpolation.expr),
                Element::Directive(directive) => match &**directive {
                    Directive::If(directive) => self.if_directive(module, file, directive, at),
                    Directive::For(directive) => self.for_directive(module, file, directive, at),
                },
            });
        }
        joined(parts, at)
    }

    fn if_directive(&mut self, module: ModuleId, file: u32, directive: &IfDirective, at: Mark) -> Node {
        let condition = self.convert(module, file, &directive.if_expr.cond_expr);
        let then: Vec<&Element> = directive.if_expr.template.iter().collect();
        let otherwise: Vec<&Element> =
            directive.else_expr.as_ref().map(|other| other.template.iter().collect()).unwrap_or_default();
        match self.text(&condition).as_deref() {
            Some("true") => self.template_text(module, file, &then, at),
            Some("false") => self.template_text(module, file, &otherwise, at),
            _ => {
                let then = self.template_text(module, file, &then, at);
                let otherwise = self.template_text(module, file, &otherwise, at);
                self.either(then, otherwise, at)
            }
        }
    }

    fn for_directive(&mut self, module: ModuleId, file: u32, directive: &ForDirective, at: Mark) -> Node {
        let each = &directive.for_expr;
        let collection = self.convert(module, file, &each.collection_expr);
        let Some(pairs) = self.elements(&collection) else { return unknown(at) };
        let elements: Vec<&Element> = each.template.iter().collect();
        let mut parts = Vec::new();
        for (key, value) in pairs {
            let mut scope = self.scope.with(each.value_var.as_str(), value);
            if let Some(name) = &each.key_var {
                scope = scope.with(name.as_str(), key);
            }
            parts.push(self.within(scope, |this| this.template_text(module, file, &elements, at)));
        }
        joined(parts, at)
    }
}

/// All parts behind each other.
pub(super) fn joined(parts: Vec<Node>, at: Mark) -> Node {
    if let [_] = parts.as_slice() {
        return parts.into_iter().next().unwrap_or_else(|| unknown(at));
    }
    if parts.iter().all(|part| part.text().is_some()) {
        let text: String = parts.iter().filter_map(Node::text).collect();
        return scalar(&text, at);
    }
    call("Fn::Join", list(at, vec![scalar("", at), list(at, parts)]))
}

/// `format("%s-%d", a, b)`; a verb that is not known leaves its part open.
pub(super) fn formatted(pattern: &str, args: Vec<Node>, at: Mark) -> Node {
    let mut args = args.into_iter();
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('%') {
        parts.push(scalar(before, at));
        let Some(end) = after.find(|c: char| c.is_ascii_alphabetic() || c == '%') else {
            rest = after;
            break;
        };
        parts.push(match &after[..=end] {
            "%" => scalar("%", at),
            "s" | "d" | "v" => args.next().unwrap_or_else(|| unknown(at)),
            verb => padded(verb, args.next().as_ref().and_then(Node::text))
                .map_or_else(|| unknown(at), |text| scalar(&text, at)),
        });
        rest = &after[end + 1..];
    }
    parts.push(scalar(rest, at));
    joined(parts.into_iter().filter(|part| part.text() != Some("")).collect(), at)
}

/// A whole number with zeros before it: `%03d`.
fn padded(verb: &str, value: Option<&str>) -> Option<String> {
    let width =
        verb.strip_prefix('0')?.strip_suffix('d')?.parse::<usize>().ok().filter(|width| *width < 32)?;
    let number = value?.parse::<i64>().ok()?;
    Some(format!("{number:0width$}"))
}
