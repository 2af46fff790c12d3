//! The forms of messages that services print, each as a function from text to a denial.
//!
//! Sources: "Troubleshoot access denied error messages" in the IAM User Guide; messages as services and SDKs
//! print them, see `crates/review/tests/messages`.

mod iam;
mod lambda;
mod location;
mod operation;
mod roles;
mod text;

use super::Denial;

pub(crate) use iam::NOT_AUTHORIZED;
pub(crate) use text::set_action;

/// Every denial in one normal text, in order.
pub(crate) fn denials(text: &str) -> Vec<Denial> {
    let iam = iam::all(text);
    if !iam.is_empty() {
        return iam;
    }
    // What says more comes first.
    let forms = [
        operation::encoded,
        lambda::execution_role,
        lambda::role_can_perform,
        lambda::role_needs,
        lambda::key_of_environment,
        lambda::file_system,
        lambda::denied_by,
        lambda::image,
        lambda::state_machine,
        operation::ciphertext,
        roles::assume_role,
        roles::api_gateway,
        operation::permission_to_call,
        operation::operation,
        operation::queue,
        operation::of_service,
    ];
    let mut found = forms.into_iter().find_map(|form| form(text));
    if let Some(denial) = &mut found {
        location::locate(denial, text);
    }
    found.into_iter().collect()
}

/// What says that a request was denied, where no sentence does.
const DENIED: [&str; 14] = [
    "(AccessDenied",
    "(AuthorizationError",
    "(UnauthorizedOperation",
    "(403)",
    "AccessDenied:",
    "AccessDenied (",
    "AccessDeniedException",
    "UnauthorizedOperation:",
    "StatusCode: 403",
    "status code: 403",
    "Status Code: 403",
    "403 Forbidden",
    "Access denied when calling",
    "' is forbidden",
];

fn is_denied(text: &str) -> bool {
    DENIED.iter().any(|words| text.contains(words)) || text.contains("Access Denied")
}
