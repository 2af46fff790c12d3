//! Statements whose resources may refer to what a template defines, and how each language writes them.

use perm_infer_policy::{Condition, Statement, inert};
use serde_json::{Map, Value, json};

/// A statement that allows something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateStatement {
    /// Its name.
    pub sid: Option<String>,
    /// What it allows.
    pub actions: Vec<String>,
    /// On what.
    pub resources: Vec<Expression>,
    /// Under which conditions.
    pub conditions: Condition,
}

/// A text with references in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Expression {
    pieces: Vec<Piece>,
}

/// A part of an expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Piece {
    /// Text of a policy, with its wildcards and policy variables.
    Text(String),
    /// A reference to something that the template defines.
    Reference {
        /// As the language of the template names it: `Orders`, `Orders.Arn`, `aws_dynamodb_table.orders.arn`.
        to: String,
        /// Text of a policy for its value, where it cannot be referred to.
        otherwise: String,
    },
}

impl Expression {
    /// A text without references.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Expression { pieces: vec![Piece::Text(text.into())] }
    }

    /// Adds a part; texts behind each other become one.
    pub fn push(&mut self, piece: Piece) {
        match (self.pieces.last_mut(), piece) {
            (_, Piece::Text(text)) if text.is_empty() => {}
            (Some(Piece::Text(last)), Piece::Text(text)) => last.push_str(&text),
            (_, piece) => self.pieces.push(piece),
        }
    }

    /// Its parts.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The text with what references stand for.
    #[must_use]
    pub fn resolved(&self) -> String {
        let text = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Reference { otherwise, .. } => otherwise.clone(),
        };
        self.pieces.iter().map(text).collect()
    }

    /// The value in a CloudFormation template: a text, `Ref`, `Fn::GetAtt` or `Fn::Sub`.
    #[must_use]
    pub fn to_cloudformation(&self) -> Value {
        match self.pieces.as_slice() {
            [] => "".into(),
            [Piece::Text(text)] => text.as_str().into(),
            [Piece::Reference { to, .. }] => match to.split_once('.') {
                Some((id, attribute)) => json!({ "Fn::GetAtt": [id, attribute] }),
                None => json!({ "Ref": to }),
            },
            pieces => {
                let text = |piece: &Piece| match piece {
                    // A policy variable is none of the substitution.
                    Piece::Text(text) => text.replace("${", "${!"),
                    Piece::Reference { to, .. } => format!("${{{to}}}"),
                };
                json!({ "Fn::Sub": pieces.iter().map(text).collect::<String>() })
            }
        }
    }

    /// The expression in HCL, for arguments of `aws_iam_policy_document`, which writes policy variables as
    /// `&{...}`. A reference that does not stand in `known` is written as its value.
    /// Source: "aws_iam_policy_document", Context Variable Interpolation.
    #[must_use]
    pub fn to_hcl(&self, known: &dyn Fn(&str) -> bool) -> String {
        if let [Piece::Reference { to, .. }] = self.pieces.as_slice()
            && known(to)
        {
            return to.clone();
        }
        let text = |text: &str| {
            let quoted = hcl_string(text);
            quoted[1..quoted.len() - 1].to_owned()
        };
        let piece = |piece: &Piece| match piece {
            Piece::Reference { to, .. } if known(to) => format!("${{{to}}}"),
            Piece::Reference { otherwise, .. } => text(otherwise),
            Piece::Text(literal) => text(literal),
        };
        format!("\"{}\"", self.pieces.iter().map(piece).collect::<String>())
    }
}

/// A string of HCL that means this text of a policy.
#[must_use]
pub fn hcl_string(policy: &str) -> String {
    let text = policy.replace("${", "&{").replace("%{", "%%{");
    inert::in_json(&Value::from(text).to_string())
}

impl From<&Statement> for TemplateStatement {
    fn from(statement: &Statement) -> Self {
        TemplateStatement {
            sid: statement.sid.clone(),
            actions: statement.action.iter().flatten().cloned().collect(),
            resources: statement.resource.iter().flatten().map(Expression::text).collect(),
            conditions: statement.condition.clone(),
        }
    }
}

impl TemplateStatement {
    /// The statement in a CloudFormation template.
    #[must_use]
    pub fn to_cloudformation(&self) -> Value {
        let mut entries = Map::new();
        if let Some(sid) = &self.sid {
            entries.insert("Sid".to_owned(), sid.as_str().into());
        }
        entries.insert("Effect".to_owned(), "Allow".into());
        entries.insert("Action".to_owned(), one_or_list(self.actions.iter().map(|a| a.as_str().into())));
        let resources = self.resources.iter().map(Expression::to_cloudformation);
        entries.insert("Resource".to_owned(), one_or_list(resources));
        if !self.conditions.is_empty() {
            // A condition has no value that JSON cannot represent.
            let conditions = serde_json::to_value(&self.conditions).unwrap_or_default();
            entries.insert("Condition".to_owned(), conditions);
        }
        Value::Object(entries)
    }

    /// The block `statement` of a data source `aws_iam_policy_document`, two spaces deep.
    #[must_use]
    pub fn to_hcl(&self, known: &dyn Fn(&str) -> bool) -> String {
        let mut own = Vec::new();
        own.extend(self.sid.as_deref().map(|sid| ("sid", hcl_string(sid))));
        own.push(("actions", hcl_list(self.actions.iter().map(|action| hcl_string(action)), 4)));
        own.push(("resources", hcl_list(self.resources.iter().map(|one| one.to_hcl(known)), 4)));
        let mut out = "  statement {\n".to_owned();
        push_attributes(&own, 4, &mut out);
        for (operator, keys) in &self.conditions {
            for (key, values) in keys {
                let values = hcl_list(values.iter().map(|value| hcl_string(value)), 6);
                let attributes =
                    [("test", hcl_string(operator)), ("variable", hcl_string(key)), ("values", values)];
                out.push_str("\n    condition {\n");
                push_attributes(&attributes, 6, &mut out);
                out.push_str("    }\n");
            }
        }
        out.push_str("  }\n");
        out
    }
}

/// Attributes as `terraform fmt` writes them: the signs of those on one line that follow each other stand
/// below each other.
fn push_attributes(attributes: &[(&str, String)], indent: usize, out: &mut String) {
    let is_single = |(_, value): &(&str, String)| !value.contains('\n');
    for (position, attribute) in attributes.iter().enumerate() {
        let chain_of = |attributes: &mut dyn Iterator<Item = &(&str, String)>| {
            attributes.take_while(|other| is_single(other)).map(|(name, _)| name.len()).max()
        };
        let width = match is_single(attribute) {
            true => chain_of(&mut attributes[..=position].iter().rev())
                .max(chain_of(&mut attributes[position..].iter())),
            false => None,
        };
        let (name, value) = attribute;
        let width = width.unwrap_or(name.len());
        out.push_str(&format!("{}{name:width$} = {value}\n", " ".repeat(indent)));
    }
}

fn hcl_list(values: impl Iterator<Item = String>, indent: usize) -> String {
    let values: Vec<String> = values.collect();
    if let [only] = values.as_slice() {
        return format!("[{only}]");
    }
    let indent = " ".repeat(indent);
    let lines: String = values.iter().map(|value| format!("{indent}  {value},\n")).collect();
    format!("[\n{lines}{indent}]")
}

fn one_or_list(values: impl Iterator<Item = Value>) -> Value {
    let mut values: Vec<Value> = values.collect();
    if values.len() == 1 { values.remove(0) } else { Value::Array(values) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(to: &str) -> Piece {
        Piece::Reference { to: to.to_owned(), otherwise: "*".to_owned() }
    }

    fn expression(pieces: &[Piece]) -> Expression {
        let mut expression = Expression::default();
        pieces.iter().for_each(|piece| expression.push(piece.clone()));
        expression
    }

    #[test]
    fn an_expression_is_the_simplest_one_that_says_it() {
        let arn = reference("Orders.Arn");
        assert_eq!(
            expression(std::slice::from_ref(&arn)).to_cloudformation(),
            json!({"Fn::GetAtt": ["Orders", "Arn"]})
        );
        assert_eq!(expression(&[reference("Key")]).to_cloudformation(), json!({"Ref": "Key"}));
        let below = expression(&[arn, Piece::Text("/index/${*}*".into())]);
        assert_eq!(below.to_cloudformation(), json!({"Fn::Sub": "${Orders.Arn}/index/${!*}*"}));
        assert_eq!(Expression::text("a${*}").to_cloudformation(), json!("a${*}"));
    }

    #[test]
    fn hcl_is_formatted_as_terraform_does() {
        let statement = TemplateStatement {
            sid: Some("Two".into()),
            actions: vec!["s3:GetObject".into(), "s3:PutObject".into()],
            resources: vec![Expression::text("*")],
            conditions: serde_json::from_value(json!({"StringEquals": {"aws:x": "y"}})).expect("a condition"),
        };
        let expected = "  statement {
    sid = \"Two\"
    actions = [
      \"s3:GetObject\",
      \"s3:PutObject\",
    ]
    resources = [\"*\"]

    condition {
      test     = \"StringEquals\"
      variable = \"aws:x\"
      values   = [\"y\"]
    }
  }
";
        assert_eq!(statement.to_hcl(&|_| false), expected);
    }

    #[test]
    fn hcl_refers_where_it_can_and_never_interpolates_text() {
        let known = |to: &str| to == "aws_s3_bucket.files.arn";
        let below =
            expression(&[reference("aws_s3_bucket.files.arn"), Piece::Text("/${aws:x}%{if}*".into())]);
        assert_eq!(below.to_hcl(&known), "\"${aws_s3_bucket.files.arn}/&{aws:x}%%{if}*\"");
        assert_eq!(
            expression(&[reference("aws_s3_bucket.files.arn")]).to_hcl(&known),
            "aws_s3_bucket.files.arn"
        );
        assert_eq!(below.to_hcl(&|_| false), "\"*/&{aws:x}%%{if}*\"");
    }
}
