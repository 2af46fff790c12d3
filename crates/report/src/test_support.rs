//! A small result made by hand, for the tests of all renderers.

use std::sync::Arc;

use perm_infer_infer::{
    AccessLevel, CallOutcome, Condition, Counts, Diagnostic, Inference, Language, Location, PartOrigin,
    Pattern, RequirementEvidence, ResourcePart, SdkCall, Severity, StatementEvidence, Step, UnitInference,
    UnitKind,
};
use perm_infer_policy::{BuildOptions, Grant, build};

pub(crate) fn at(path: &str, line: u32, column: u32) -> Location {
    Location { path: path.to_owned(), line, column }
}

pub(crate) fn step(function: &str, location: Location) -> Arc<Step> {
    Arc::new(Step { function: function.to_owned(), location })
}

/// The text without styles.
pub(crate) fn without_style(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        rest = after.split_once('m').expect("a style").1;
    }
    out + rest
}

/// Functions of a template, each of which does the same as [`orders`].
pub(crate) fn with_functions(names: &[&str]) -> Inference {
    let function = |name: &&str| UnitInference {
        name: (*name).to_owned(),
        kind: UnitKind::Function,
        location: at("template.yaml", 3, 3),
        scope: String::new(),
        language: Language::CloudFormation,
        deployed: Vec::new(),
        role: None,
        code: None,
        is_read: true,
        sam_templates: Vec::new(),
        inference: orders(),
    };
    Inference { units: names.iter().map(function).collect(), ..orders() }
}

/// Two calls on a table whose name is a constant, one of them likely, and one call without permission.
pub(crate) fn orders() -> Inference {
    let get = at("store.py", 7, 12);
    let put = at("store.py", 11, 5);
    let requirements = vec![
        requirement("dynamodb:GetItem", AccessLevel::Read, 0),
        requirement("dynamodb:PutItem", AccessLevel::Write, 1),
    ];
    let grants: Vec<Grant> = requirements.iter().map(RequirementEvidence::grant).collect();
    let document = build(grants, &BuildOptions::default());
    let calls = vec![
        SdkCall {
            service: "dynamodb".into(),
            operation: "GetItem".into(),
            location: get.clone(),
            source_line: "return table.get_item(Key={\"id\": order_id})[\"Item\"]".into(),
            source_offset: 7,
            certain: true,
            chain: vec![step("handler", at("app.py", 12, 12)), step("load", get)],
            outcome: CallOutcome::Requires(vec![0]),
        },
        SdkCall {
            service: "dynamodb".into(),
            operation: "PutItem".into(),
            location: put.clone(),
            source_line: "target.put_item(Item=item)".into(),
            source_offset: 0,
            certain: false,
            chain: vec![step("save", put.clone())],
            outcome: CallOutcome::Requires(vec![1]),
        },
        SdkCall {
            service: "sts".into(),
            operation: "GetCallerIdentity".into(),
            location: at("who.py", 4, 1),
            source_line: "sts.get_caller_identity()".into(),
            source_offset: 0,
            certain: true,
            chain: vec![step("<module>", at("who.py", 4, 1))],
            outcome: CallOutcome::NoPermission("no permissions are required for this operation"),
        },
    ];
    let likely = Diagnostic::new(Severity::Warning, "likely-call", "looks like one").at(put).unresolved();
    Inference {
        document,
        trust_policy: None,
        statements: vec![StatementEvidence { requirements: vec![0, 1] }],
        requirements,
        calls,
        diagnostics: vec![likely],
        counts: Counts { found: 3, parsed: 3, ..Counts::default() },
        units: Vec::new(),
        references: std::sync::Arc::default(),
    }
}

fn requirement(action: &'static str, access_level: AccessLevel, call: usize) -> RequirementEvidence {
    let mut resource = Pattern::literal("arn:aws:dynamodb:");
    resource.push_pattern(&Pattern::any());
    resource.push_literal(":");
    resource.push_pattern(&Pattern::any());
    resource.push_literal(":table/orders");
    let part = ResourcePart {
        origin: PartOrigin::Constant("orders".into()),
        location: Some(at("config.py", 3, 9)),
        setting: None,
    };
    RequirementEvidence {
        action,
        access_level,
        symbolic: resource.clone(),
        causes: Vec::new(),
        resource,
        resource_type: Some("table"),
        resource_level: true,
        conditions: Condition::default(),
        calls: vec![call],
        parts: vec![vec![part]],
        stated: Vec::new(),
        note: None,
    }
}
