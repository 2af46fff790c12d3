//! The text form of the catalogue under `crates/catalog/data/`: types, parser and printer. The build
//! script of the catalogue and the catalogue builder both include this module, so that what one writes
//! the other reads. It knows nothing of botocore, of iam-data or of the binary table.

// Each includer uses a part of the module, and sees it as private.
#![allow(dead_code, unreachable_pub, unused_imports)]

mod caveat;
mod key_use;
mod mode;
mod rule;
mod service;
mod words;

pub use caveat::Caveat;
pub use key_use::KeyUse;
pub use mode::BindingMode;
pub use rule::{Binding, Condition, Rule, Source, Target, TargetKind, Test, With, WithValue};
pub use service::{
    Action, IamService, Member, NamedOperation, Operation, ResourceAction, ResourceHas, ResourceModel,
    ResourceParam, ResourceType, ResourceWaiter, Resources, Service, SubResource, Verdict,
};
pub use words::{FormatError, snake_case, split_reason};
