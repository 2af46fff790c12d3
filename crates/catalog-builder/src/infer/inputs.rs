//! Objects in S3 that a service reads with the rights of its caller.

use super::Inference;
use crate::botocore::Shape;
use crate::format::{Binding, BindingMode, Condition, Rule, Source, Target, TargetKind, Test};

impl Inference<'_> {
    /// Objects in S3 that a call gives to a service to read with the caller's rights.
    pub(super) fn s3_inputs(&self, operation: &str) -> Vec<Rule> {
        let reads = ["rekognition", "textract"];
        let Some(input) = self.api.model.input(operation) else { return Vec::new() };
        let mut paths = Vec::new();
        if self.prefixes.first().is_some_and(|prefix| reads.contains(&prefix.as_str())) {
            self.s3_object_paths(input, "", 0, &mut paths);
        }
        paths.iter().flat_map(|path| [false, true].map(|version| s3_read_rule(path, version))).collect()
    }

    fn s3_object_paths(&self, shape: &Shape, prefix: &str, depth: usize, paths: &mut Vec<String>) {
        for name in shape.members.keys() {
            let Some(inner) = shape.field(name).and_then(|field| self.api.model.shapes.get(&field.shape))
            else {
                continue;
            };
            if inner.kind == "structure"
                && inner.members.contains_key("Bucket")
                && inner.members.contains_key("Name")
            {
                paths.push(format!("{prefix}{name}"));
            } else if inner.kind == "structure" && depth < 2 {
                self.s3_object_paths(inner, &format!("{prefix}{name}."), depth + 1, paths);
            }
        }
    }
}

fn s3_read_rule(path: &str, version: bool) -> Rule {
    let binding = |variable: &str, member: &str| Binding {
        variable: variable.to_owned(),
        mode: BindingMode::Auto,
        sources: vec![Source::Path(format!("{path}.{member}"))],
    };
    let target = Target {
        kind: TargetKind::Type("object".to_owned()),
        optional: false,
        bindings: vec![binding("BucketName", "Bucket"), binding("ObjectName", "Name")],
        bare: false,
    };
    let present = |path: String, negated: bool| Condition { negated, path, test: Test::Present };
    Rule {
        conditions: vec![present(path.to_owned(), false), present(format!("{path}.Version"), !version)],
        action: if version { "s3:GetObjectVersion" } else { "s3:GetObject" }.to_owned(),
        targets: vec![target],
        ..Rule::default()
    }
}
