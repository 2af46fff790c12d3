//! Requests that code signs itself. What they ask for is in the request, which is not followed, so the user
//! is told which actions to add.

use perm_infer_analysis::Cx;

/// Signing names with the actions that their requests need ("Actions, resources, and condition keys" of
/// each service in the Service Authorization Reference).
const ACTIONS: &[(&str, &str)] = &[
    ("aoss", "aoss:APIAccessAll"),
    ("appsync", "appsync:GraphQL"),
    ("aps", "aps:RemoteWrite or aps:QueryMetrics"),
    ("es", "es:ESHttpGet, es:ESHttpPost, es:ESHttpPut or es:ESHttpDelete"),
    ("execute-api", "execute-api:Invoke"),
    ("lambda", "lambda:InvokeFunctionUrl"),
    ("neptune-db", "neptune-db:connect"),
    ("vpc-lattice-svcs", "vpc-lattice-svcs:Invoke"),
];

/// Reports that requests are signed here, for the service of this signing name where it is known.
pub(crate) fn note_signed(cx: &mut Cx<'_, '_>, service: Option<&str>) {
    let (message, remedy) = match service {
        Some(service) => {
            let actions = ACTIONS.iter().find(|(own, _)| *own == service).map(|(_, actions)| *actions);
            (
                format!(
                    "requests are signed here for `{service}`; the policy does not include what they ask for"
                ),
                match actions {
                    Some(actions) => format!("add {actions} on the resources that the requests name by hand"),
                    None => format!("add the actions of {service} that the requests need by hand"),
                },
            )
        }
        None => (
            "requests are signed here for a service that is not known from the source".to_owned(),
            "add what they ask for to the policy by hand".to_owned(),
        ),
    };
    cx.note("signed-requests", message, remedy, true);
}
