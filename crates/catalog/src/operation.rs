//! Operations: their names in each SDK and the members of their input.

use crate::ParamMap;
use crate::keys;
use crate::path::{Leaf, Scope, leaves};
use crate::requirement::{self, ArnContext, Requirement, Verdict};
use crate::rule::Rules;
use crate::service::Service;
use crate::table::{OPERATIONS, Reader, text};
use perm_infer_policy::Pattern;
use std::fmt;

/// One operation of a service. Orders by service, then by name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Operation(pub(crate) u32);

/// A top-level member of an operation's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name, in Python and in JavaScript.
    pub name: &'static str,
    /// Whether the service insists on it.
    pub required: bool,
}

impl Operation {
    /// The service.
    #[must_use]
    pub fn service(self) -> Service {
        Service::of_operation(self)
    }

    /// The name in the service's model: `PutObject`.
    #[must_use]
    pub fn name(self) -> &'static str {
        text(OPERATIONS.word(self.0, 0))
    }

    /// boto3's method: `put_object`.
    #[must_use]
    pub fn method(self) -> &'static str {
        text(OPERATIONS.word(self.0, 1))
    }

    /// The JavaScript SDKs' method: `putObject`.
    #[must_use]
    pub fn camel(self) -> &'static str {
        text(OPERATIONS.word(self.0, 2))
    }

    /// The top-level members of the input.
    pub fn members(self) -> impl Iterator<Item = Member> {
        let mut reader = Reader::at(OPERATIONS.word(self.0, 3));
        (0..reader.number()).map(move |_| {
            let number = reader.number();
            Member { name: text(number / 2), required: number % 2 == 1 }
        })
    }

    /// Names of the top-level members of the input.
    pub fn input_members(self) -> impl Iterator<Item = &'static str> {
        self.members().map(|member| member.name)
    }

    /// Names of the members that the service insists on.
    pub fn required_members(self) -> impl Iterator<Item = &'static str> {
        self.members().filter(|member| member.required).map(|member| member.name)
    }

    /// Whether the input has this top-level member.
    #[must_use]
    pub fn has_member(self, name: &str) -> bool {
        self.input_members().any(|member| member == name)
    }

    /// The source of a hand-written verdict and why it differs from the generated one.
    #[must_use]
    pub fn override_reason(self) -> Option<&'static str> {
        self.rules().reason
    }

    /// Every action that some call of the operation may need, without repetition.
    #[must_use]
    pub fn possible_actions(self) -> Vec<&'static str> {
        requirement::possible_actions(self)
    }

    /// What a call with these parameters needs: [`OperationNeeds::requirements`] for a single call.
    #[must_use]
    pub fn requirements(self, params: &ParamMap, context: &ArnContext) -> Verdict {
        self.read_needs().requirements(params, context)
    }

    /// What calls of the operation need, read from the table once for any number of calls.
    #[must_use]
    pub fn read_needs(self) -> OperationNeeds {
        OperationNeeds { rules: self.rules() }
    }

    pub(crate) fn rules(self) -> Rules {
        Rules::read(OPERATIONS.word(self.0, 4))
    }
}

/// The rules of one operation, to be asked about calls.
pub struct OperationNeeds {
    rules: Rules,
}

impl OperationNeeds {
    /// Whether the IAM data know no action of the operation, so that one of its name is presumed.
    #[must_use]
    pub fn is_presumed(&self) -> bool {
        self.rules.reason.is_some_and(|reason| reason.starts_with("presumed: "))
    }

    /// What a call with these parameters needs. Alternatives in the parameters give the sum of what
    /// each of them needs; an unknown value gives the ARN template with `*` in its place, and the
    /// requirement says which member would have made it specific.
    #[must_use]
    pub fn requirements(&self, params: &ParamMap, context: &ArnContext) -> Verdict {
        requirement::requirements(&self.rules, params, context)
    }

    /// What the call needs of the customer-managed KMS keys that encrypt the resources in `needs`, which
    /// are its [`requirements`](OperationNeeds::requirements). A key that the call names itself counts by
    /// itself; `key_of` tells the key of any other resource, as ARN, id or alias.
    #[must_use]
    pub fn key_requirements(
        &self,
        params: &ParamMap,
        context: &ArnContext,
        needs: &[Requirement],
        key_of: &dyn Fn(&Requirement) -> Option<Pattern>,
    ) -> Vec<Requirement> {
        keys::key_requirements(&self.rules, params, context, needs, key_of)
    }

    /// Remarks on what the parameters of the call do not decide, such as what the template of a stack needs.
    pub fn caveats(&self, params: &ParamMap) -> impl Iterator<Item = &'static str> {
        let passed = |path: &'static str| {
            let found = leaves(Scope { root: params, item: Leaf::Absent }, path);
            found.iter().all(|leaf| !matches!(leaf, Leaf::Absent | Leaf::Open))
        };
        let caveats = self.rules.caveats.iter();
        caveats.filter(move |caveat| !caveat.unless.is_some_and(passed)).map(|caveat| caveat.text)
    }
}

impl fmt::Debug for Operation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.service().name(), self.name())
    }
}
