//! What every operation of the AWS SDKs needs: IAM actions, resource types, ARN templates and
//! conditions, and how SDKs name services, operations, paginators, waiters and resources. The data are
//! embedded as one table that is read in place. The crate knows nothing of source code: it is asked
//! about one call with the parameters that are known, and answers with what the call needs.
//!
//! ```
//! use perm_infer_catalog::{ArnContext, Catalog, ParamMap, Verdict};
//!
//! let operation = Catalog::embedded().service("sts").and_then(|service| service.operation_for_method("get_caller_identity"));
//! let verdict = operation.map(|operation| operation.requirements(&ParamMap::default(), &ArnContext::default()));
//! assert!(matches!(verdict, Some(Verdict::NoPermission { .. })));
//! ```

mod action;
mod arn;
mod binding;
mod choices;
mod condition;
mod condition_keys;
mod copy_source;
mod describe;
mod keys;
mod lookup;
// The library uses the modes but not the words of the text form.
#[allow(dead_code, unreachable_pub, reason = "shared with the text form")]
#[path = "../format/mode.rs"]
mod mode;
mod nearest;
mod operation;
mod params;
mod partiql;
mod path;
mod policies;
mod requirement;
mod resource_model;
mod risk;
mod rule;
mod service;
mod table;

pub use action::{Action, ActionResource, resource_templates};
pub use condition_keys::{ConditionKey, KeyType, ServiceConditions, has_resource_control};
pub use describe::{
    Filled, FilledFrom, KeyNeed, Need, NeededCondition, NeededResource, Needs, Remark, When, WhenTest,
};
pub use lookup::Lookup;
pub use nearest::Nearest;
pub use operation::{Member, Operation, OperationNeeds};
pub use params::{Param, ParamMap, Presence, TraceId, TracedPattern};
pub use policies::{ManagedPolicy, SamPolicyTemplate};
pub use requirement::{
    AccessLevel, ArnContext, Requirement, RequirementCondition, Unresolved, UnresolvedReason, Verdict,
};
pub use resource_model::{
    ParamSource, ResourceAction, ResourceHas, ResourceModel, ResourceParam, SubResource,
};
pub use risk::Risk;
pub use service::{Catalog, Service};
