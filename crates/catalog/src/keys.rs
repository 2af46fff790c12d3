//! What a call needs of the customer-managed KMS keys that encrypt its resources. A service uses such a
//! key with the rights of its caller, so that the caller needs the actions on the key, limited to their
//! use through the service. Keys that AWS manages need nothing.

use crate::action::Action;
use crate::arn;
use crate::binding::interpret;
use crate::condition::holds;
use crate::mode::BindingMode;
use crate::params::{Param, ParamMap, TracedPattern};
use crate::path::{Leaf, Scope, leaves};
use crate::requirement::{
    ArnContext, Requirement, RequirementCondition, Unresolved, UnresolvedReason, joined,
};
use crate::rule::{KeyUse, Rules};
use perm_infer_policy::{Part, Pattern};

/// The ARN of a key.
/// Source: "Actions, resources, and condition keys for AWS Key Management Service".
const KEY_ARN: &str = "arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}";

/// Why these requirements are there.
const NOTE: &str = "the service uses the customer-managed key with the rights of its caller (AWS KMS Developer Guide, \"Using AWS KMS with other services\")";

/// A key as the call or the caller of the catalogue names it.
struct Key<'p> {
    text: Pattern,
    traced: Option<&'p TracedPattern>,
    member: Option<&'static str>,
}

/// What the call needs of the keys of the resources in `needs`. `key_of` tells the key of a resource
/// that the call does not name itself: an ARN, an id or an alias.
pub(crate) fn key_requirements(
    rules: &Rules,
    params: &ParamMap,
    context: &ArnContext,
    needs: &[Requirement],
    key_of: &dyn Fn(&Requirement) -> Option<Pattern>,
) -> Vec<Requirement> {
    let mut found = Vec::new();
    let scope = Scope { root: params, item: Leaf::Absent };
    for key_use in &rules.keys {
        if !key_use.conditions.iter().all(|condition| holds(condition, scope, false)) {
            continue;
        }
        let (named, certain) = named_keys(key_use, scope);
        for need in needs.iter().filter(|need| key_use.of.iter().any(|of| of.name() == need.action)) {
            let known = if certain || key_use.only { None } else { key_of(need) };
            let known = known.map(|text| Key { text, traced: None, member: None });
            for key in named.iter().chain(&known) {
                found.extend(
                    key_use.needs.iter().filter_map(|action| requirement(*action, key, need, context)),
                );
            }
        }
    }
    joined(found)
}

/// The keys that the call names, and whether it names one in every run.
fn named_keys<'p>(key_use: &KeyUse, scope: Scope<'p>) -> (Vec<Key<'p>>, bool) {
    let Some(path) = key_use.by else { return (Vec::new(), false) };
    let mut keys = Vec::new();
    let mut certain = true;
    for leaf in leaves(scope, path) {
        match leaf {
            Leaf::Absent | Leaf::Open => certain = false,
            Leaf::Text(traced) => {
                keys.push(Key { text: traced.pattern.clone(), traced: Some(traced), member: Some(path) });
            }
            Leaf::Value(Param::Unknown) => {
                keys.push(Key { text: Pattern::any(), traced: None, member: Some(path) });
            }
            Leaf::Value(_) => {}
        }
    }
    (keys, certain)
}

fn requirement(
    action: Action,
    key: &Key<'_>,
    need: &Requirement,
    context: &ArnContext,
) -> Option<Requirement> {
    if key.text == Pattern::default() || is_managed_by_aws(&key.text) {
        return None;
    }
    let interpreted = interpret(BindingMode::KmsKey, &key.text);
    let value = interpreted.values.into_iter().next()?;
    let region = value.arn.as_ref().map(|arn| arn.region.clone()).or_else(|| value.region.clone());
    let mut conditions: Vec<RequirementCondition> =
        interpreted.conditions.into_iter().map(alias_of_resource).collect();
    conditions.push(via_service(need, region, context));
    if action.name() == "kms:CreateGrant" {
        // Source: "kms:GrantIsForAWSResource" in the AWS KMS Developer Guide.
        let values = vec![Pattern::literal("true")];
        conditions.push(RequirementCondition { operator: "Bool", key: "kms:GrantIsForAWSResource", values });
    }
    let unknown = key.member.filter(|_| key.text.has_unknown()).map(|member| Unresolved {
        member,
        reason: UnresolvedReason::Unknown,
        trace: key.traced.map(|traced| traced.trace),
    });
    Some(Requirement {
        action: action.name(),
        access_level: action.access_level(),
        resource: arn::fill(KEY_ARN, &[("KeyId", value)], context),
        resource_type: Some("key"),
        resource_level: true,
        unresolved: unknown.into_iter().collect(),
        conditions,
        traces: key.traced.map(|traced| traced.trace).into_iter().collect(),
        note: Some(NOTE),
    })
}

/// Keys of AWS are open to everyone who may use the service.
/// Source: "AWS managed keys" in the AWS KMS Developer Guide.
fn is_managed_by_aws(key: &Pattern) -> bool {
    let start = key.literal_prefix();
    let alias =
        start.split_once(":alias/").map_or_else(|| start.strip_prefix("alias/"), |(_, name)| Some(name));
    alias.is_some_and(|name| name.starts_with("aws/"))
}

/// The service calls with the id of the key: the request names no alias, but the key has one.
/// Source: "kms:ResourceAliases" in the AWS KMS Developer Guide.
fn alias_of_resource(condition: RequirementCondition) -> RequirementCondition {
    let operator = match condition.operator {
        "StringLike" => "ForAnyValue:StringLike",
        _ => "ForAnyValue:StringEquals",
    };
    RequirementCondition { operator, key: "kms:ResourceAliases", values: condition.values }
}

/// Limits the key to its use through the service of the encrypted resource, in its region.
/// Source: "kms:ViaService" in the AWS KMS Developer Guide.
fn via_service(
    need: &Requirement,
    key_region: Option<Pattern>,
    context: &ArnContext,
) -> RequirementCondition {
    let known = |region: &Pattern| region.as_literal().is_some_and(|region| !region.is_empty());
    let of_resource = arn::Arn::split(&need.resource).map(|arn| arn.region);
    let region = of_resource
        .filter(known)
        .or_else(|| key_region.filter(known))
        .unwrap_or_else(|| context.region.clone());
    let mut value = Pattern::literal(need.action.split(':').next().unwrap_or_default());
    value.push_literal(".");
    value.push_pattern(&region);
    let china = context.partition.as_literal() == Some("aws-cn");
    value.push_literal(if china { ".amazonaws.com.cn" } else { ".amazonaws.com" });
    let open = value.parts().iter().any(|part| matches!(part, Part::Any));
    RequirementCondition {
        operator: if open { "StringLike" } else { "StringEquals" },
        key: "kms:ViaService",
        values: vec![value],
    }
}
