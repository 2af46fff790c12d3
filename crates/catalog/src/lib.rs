//! What every operation of the AWS SDKs needs: IAM actions, resource types, ARN templates, and how
//! SDKs name things.
mod params;

pub use params::{Param, ParamMap, Presence, TraceId, TracedPattern};
