//! Requests that code signs itself: `requests_aws4auth`, `aws_requests_auth`, `SigV4Auth`. What they ask
//! for is in the request, which is not followed, so the user is told which actions to add.

use perm_infer_analysis::{Args, Cx, Value};

use super::foreign::foreign;

/// Classes that sign, with the position and the name of the argument that is the signing name of the
/// service.
const SIGNERS: &[(&str, usize, &str)] = &[
    ("aws_requests_auth.aws_auth.AWSRequestsAuth", 5, "aws_service"),
    ("aws_requests_auth.boto_utils.BotoAWSRequestsAuth", 2, "aws_service"),
    ("botocore.auth.SigV4Auth", 1, "service_name"),
    ("botocore.crt.auth.CrtSigV4Auth", 1, "service_name"),
    ("httpx_auth.AWS4Auth", 3, "service"),
    ("opensearchpy.AWSV4SignerAsyncAuth", 2, "service"),
    ("opensearchpy.AWSV4SignerAuth", 2, "service"),
    ("opensearchpy.RequestsAWSV4SignerAuth", 2, "service"),
    ("requests_aws4auth.AWS4Auth", 3, "service"),
];

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

/// Makes what signs requests.
pub(crate) fn call(cx: &mut Cx<'_, '_>, dotted: &str, args: &Args) -> Option<Value> {
    let (_, position, name) = SIGNERS.iter().find(|(class, ..)| *class == dotted)?;
    let service = args.get(*position, name).and_then(Value::as_str);
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
    Some(foreign(dotted))
}
