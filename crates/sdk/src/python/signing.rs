//! Classes that sign requests: `requests_aws4auth`, `aws_requests_auth`, `SigV4Auth`.

use perm_infer_analysis::{Args, Cx, Value};

use super::foreign::foreign;
use crate::shared::note_signed;

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

/// Makes what signs requests.
pub(crate) fn call(cx: &mut Cx<'_, '_>, dotted: &str, args: &Args) -> Option<Value> {
    let (_, position, name) = SIGNERS.iter().find(|(class, ..)| *class == dotted)?;
    let service = args.get(*position, name).and_then(Value::as_str);
    note_signed(cx, service);
    Some(foreign(dotted))
}
