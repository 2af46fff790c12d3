//! Names of CDK, the same for every language and version: `lambda.Function` for `aws-cdk-lib/aws-lambda`,
//! `@aws-cdk/aws-lambda` and `aws_cdk.aws_lambda`.

use std::fmt;

use perm_infer_analysis::External;

/// A name of CDK.
pub(super) struct Name {
    /// The module without `aws-`: `lambda`, `lambda-nodejs`, `core`.
    pub(super) service: String,
    /// What is meant in it: `Function`, `Code.fromAsset`.
    pub(super) path: String,
}

impl Name {
    pub(super) fn of(external: &External) -> Option<Name> {
        if !is_construct_module(&external.module) {
            return None;
        }
        let mut inner = ["aws-cdk-lib/", "@aws-cdk/", "aws_cdk."].iter();
        let inner = inner.find_map(|prefix| external.module.strip_prefix(prefix)).unwrap_or("");
        let mut steps: Vec<&str> =
            inner.split(['.', '/']).chain(external.path.split('.')).filter(|step| !step.is_empty()).collect();
        let mut service = "core".to_owned();
        if let Some(first) = steps.first().copied() {
            let plain = first.replace('_', "-");
            match plain.strip_prefix("aws-") {
                Some(name) => service = name.to_owned(),
                // Names in the module itself.
                None if first.starts_with(char::is_uppercase) => steps.insert(0, ""),
                None => {}
            }
            steps.remove(0);
        }
        let (last, before) = steps.split_last()?;
        let last = if last.starts_with(char::is_lowercase) { camel(last) } else { (*last).to_owned() };
        let path = before.iter().map(|step| (*step).to_owned()).chain([last]).collect::<Vec<_>>().join(".");
        Some(Name { service, path })
    }

    pub(super) fn last(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or_default()
    }

    pub(super) fn is_class(&self) -> bool {
        self.last().starts_with(char::is_uppercase)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.service, self.path)
    }
}

/// Whether a module, as imported, is CDK's or one of constructs.
#[must_use]
pub fn is_construct_module(specifier: &str) -> bool {
    ["aws-cdk-lib", "aws_cdk", "constructs"].contains(&specifier)
        || ["aws-cdk-lib/", "@aws-cdk/", "aws_cdk."].iter().any(|prefix| specifier.starts_with(prefix))
}

/// `table_name` as TypeScript writes it.
pub(super) fn camel(name: &str) -> String {
    let mut words = name.trim_matches('_').split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut characters = word.chars();
        camel.extend(characters.next().into_iter().flat_map(char::to_uppercase));
        camel.push_str(characters.as_str());
    }
    camel
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_for_every_language_and_version() {
        for (module, path, wanted) in [
            ("aws-cdk-lib/aws-lambda", "Function", "lambda.Function"),
            ("aws-cdk-lib", "aws_lambda.Code.fromAsset", "lambda.Code.fromAsset"),
            ("@aws-cdk/aws-lambda-nodejs", "NodejsFunction", "lambda-nodejs.NodejsFunction"),
            ("aws_cdk", "aws_lambda.Code.from_asset", "lambda.Code.fromAsset"),
            ("aws_cdk.aws_dynamodb", "Table.from_table_name", "dynamodb.Table.fromTableName"),
            ("aws-cdk-lib", "Stack", "core.Stack"),
            ("@aws-cdk/core", "Stack", "core.Stack"),
            ("constructs", "Construct", "core.Construct"),
        ] {
            let name = Name::of(&External::new(module, path)).map(|name| name.to_string());
            assert_eq!(name.as_deref(), Some(wanted));
        }
        assert!(Name::of(&External::new("aws-cdk-library", "Stack")).is_none());
    }
}
