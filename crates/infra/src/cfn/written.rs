//! Values as their template writes them, in short, for people who read where a name comes from.

use crate::environment::quoted;
use crate::model::Language;
use crate::terraform;
use crate::tree::{Kind, Node};

/// Arguments of a function that are shown, and how deep functions in functions are.
const MAX_ARGUMENTS: usize = 4;
const MAX_DEPTH: usize = 3;

/// A value in the words of its template: `"orders"`, `Ref Orders`, `GetAtt Orders.Arn`, `Sub "orders-${Stage}"`;
/// in Terraform `aws_sqs_queue.jobs.url`.
pub(super) fn written(node: &Node, language: Language) -> String {
    shown(node, language, 0)
}

fn shown(node: &Node, language: Language, depth: usize) -> String {
    match (&node.kind, node.intrinsic()) {
        (Kind::Scalar(text), _) => quoted(text),
        (_, Some((function, argument))) => of_function(function, argument, language, depth),
        _ => "...".to_owned(),
    }
}

fn of_function(function: &str, argument: &Node, language: Language, depth: usize) -> String {
    let name = function.strip_prefix("Fn::").unwrap_or(function);
    // What nothing is known of: an expression of a language that is not CloudFormation's.
    if function == "Fn::Base64" && argument.text() == Some("") {
        return "an expression that is not followed".to_owned();
    }
    let reference = match (function, argument.text(), argument.items()) {
        ("Ref", Some(id), _) => Some(id.to_owned()),
        ("Fn::GetAtt", Some(path), _) => Some(path.to_owned()),
        ("Fn::GetAtt", None, parts) => {
            parts.iter().map(Node::text).collect::<Option<Vec<_>>>().map(|parts| parts.join("."))
        }
        _ => None,
    };
    if let Some(reference) = reference {
        return match language {
            Language::Terraform => {
                terraform::expression(&reference).unwrap_or_else(|| reference.replacen(':', ".", 1))
            }
            Language::CloudFormation | Language::Serverless => format!("{name} {reference}"),
        };
    }
    if depth >= MAX_DEPTH {
        return format!("{name} ...");
    }
    let arguments = match argument.items() {
        // What may stand for the names in the text of `Fn::Sub` follows it.
        [text, ..] if function == "Fn::Sub" => std::slice::from_ref(text),
        [] => std::slice::from_ref(argument),
        items => items,
    };
    let mut parts: Vec<String> = Vec::new();
    for argument in arguments.iter().take(MAX_ARGUMENTS) {
        match argument.items() {
            [] => parts.push(shown(argument, language, depth + 1)),
            inner => {
                parts.extend(inner.iter().take(MAX_ARGUMENTS).map(|one| shown(one, language, depth + 1)));
            }
        }
    }
    format!("{name} {}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Files;

    fn of(yaml: &str) -> String {
        let mut files = Files::default();
        let file = files.add("t.yaml");
        let node = crate::tree::read(yaml, file, &files, &mut Vec::new()).expect("a tree");
        written(&node, Language::CloudFormation)
    }

    #[test]
    fn values_are_in_the_words_of_the_template() {
        for (yaml, expected) in [
            ("orders", "\"orders\""),
            ("!Ref Orders", "Ref Orders"),
            ("{Ref: Orders}", "Ref Orders"),
            ("!GetAtt Orders.Arn", "GetAtt Orders.Arn"),
            ("{'Fn::GetAtt': [Orders, Arn]}", "GetAtt Orders.Arn"),
            ("!Sub orders-${Stage}", "Sub \"orders-${Stage}\""),
            ("!Sub ['${A}', {A: x}]", "Sub \"${A}\""),
            ("!If [IsProd, !Ref Orders, test]", "If \"IsProd\", Ref Orders, \"test\""),
            ("!Join ['-', [!Ref Stage, orders]]", "Join \"-\", Ref Stage, \"orders\""),
            ("!ImportValue table", "ImportValue \"table\""),
        ] {
            assert_eq!(of(yaml), expected, "{yaml}");
        }
    }
}
