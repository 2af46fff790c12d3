//! AWS CDK: lists of `PolicyStatement`s, one for each function or one for everything, in TypeScript and
//! Python.

use perm_infer_infer::{Inference, Statement};
use perm_infer_policy::OneOrMany;

use super::{documents, identifier, quoted};

/// TypeScript.
#[must_use]
pub fn cdk(inference: &Inference) -> String {
    let mut out = "import { PolicyStatement } from \"aws-cdk-lib/aws-iam\";\n".to_owned();
    for named in documents(inference, true) {
        let name = camel(&named.name);
        out.push_str(&format!("\nexport const {name}Statements: PolicyStatement[] = [\n"));
        for statement in &named.document.statement {
            out.push_str("  new PolicyStatement({\n");
            if let Some(sid) = &statement.sid {
                out.push_str(&format!("    sid: {},\n", quoted(sid)));
            }
            for (label, values) in lists(statement) {
                out.push_str(&list(&format!("    {label}: ["), values, "    ", "],\n"));
            }
            if !statement.condition.is_empty() {
                out.push_str(&format!("    conditions: {},\n", conditions(statement, 4)));
            }
            out.push_str("  }),\n");
        }
        out.push_str("];\n");
    }
    out
}

/// Python.
#[must_use]
pub fn cdk_python(inference: &Inference) -> String {
    let mut out = "from aws_cdk.aws_iam import PolicyStatement\n".to_owned();
    for named in documents(inference, true) {
        let name = identifier(&named.name, '_').to_ascii_lowercase();
        out.push_str(&format!("\n{name}_statements = [\n"));
        for statement in &named.document.statement {
            out.push_str("    PolicyStatement(\n");
            if let Some(sid) = &statement.sid {
                out.push_str(&format!("        sid={},\n", quoted(sid)));
            }
            for (label, values) in lists(statement) {
                out.push_str(&list(&format!("        {label}=["), values, "        ", "],\n"));
            }
            if !statement.condition.is_empty() {
                out.push_str(&format!("        conditions={},\n", conditions(statement, 8)));
            }
            out.push_str("    ),\n");
        }
        out.push_str("]\n");
    }
    out
}

fn lists(statement: &Statement) -> [(&'static str, &Option<OneOrMany<String>>); 2] {
    [("actions", &statement.action), ("resources", &statement.resource)]
}

fn list(start: &str, values: &Option<OneOrMany<String>>, indent: &str, end: &str) -> String {
    let values: Vec<String> = values.iter().flatten().map(|value| quoted(value)).collect();
    if let [only] = values.as_slice() {
        return format!("{start}{only}{end}");
    }
    let lines: String = values.iter().map(|value| format!("{indent}  {value},\n")).collect();
    format!("{start}\n{lines}{indent}{end}")
}

/// The conditions as JSON, which both languages read, with lines indented.
fn conditions(statement: &Statement, indent: usize) -> String {
    let json = perm_infer_policy::inert::in_json(&perm_infer_policy::to_pretty_json(&statement.condition));
    json.trim_end().replace('\n', &format!("\n{}", " ".repeat(indent)))
}

/// `perm-infer` becomes `permInfer`, `Nested/Worker` becomes `nestedWorker`.
fn camel(name: &str) -> String {
    let mut out = String::new();
    for word in identifier(name, '_').split('_') {
        let mut characters = word.chars();
        let Some(first) = characters.next() else { continue };
        match out.is_empty() {
            true => out.push(first.to_ascii_lowercase()),
            false => out.push(first.to_ascii_uppercase()),
        }
        out.push_str(characters.as_str());
    }
    out
}
