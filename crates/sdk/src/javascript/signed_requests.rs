//! What signs requests: `SignatureV4` of the SDK v3, `Signers.V4` of the SDK v2, and packages for HTTP and
//! OpenSearch clients.

use perm_infer_analysis::{Args, Atom, Cx, Value};

use super::foreign::foreign;
use super::names::Name;
use crate::shared::{entry, note_signed};

/// Where a signer is told the signing name of the service.
enum Service {
    /// In an option of the first argument.
    Option(&'static str),
    /// The same, with the name that stands where the option is not given.
    OptionOr(&'static str, &'static str),
    /// It is the argument at a position.
    Argument(usize),
    /// It is always the same.
    Always(&'static str),
}

/// Modules and names of what signs.
const SIGNERS: &[(&str, &str, Service)] = &[
    ("@aws-sdk/signature-v4", "SignatureV4", Service::Option("service")),
    ("@aws-sdk/signature-v4-multi-region", "SignatureV4MultiRegion", Service::Option("service")),
    ("@opensearch-project/opensearch/aws", "AwsSigv4Signer", Service::OptionOr("service", "es")),
    ("@opensearch-project/opensearch/aws-v3", "AwsSigv4Signer", Service::OptionOr("service", "es")),
    ("@smithy/signature-v4", "SignatureV4", Service::Option("service")),
    ("aws-elasticsearch-connector", "", Service::Always("es")),
    ("aws-sdk", "Signers.V4", Service::Argument(1)),
    ("aws4", "sign", Service::Option("service")),
    ("aws4-axios", "aws4Interceptor", Service::Option("service")),
    ("aws4fetch", "AwsClient", Service::Option("service")),
    ("http-aws-es", "", Service::Always("es")),
];

/// Clients of AWS AppSync, which sign only where their `auth` says so (AWS AppSync Developer Guide, "Configuring
/// authorization and authentication to secure your GraphQL APIs").
const GRAPHQL: &[&str] = &["aws-appsync", "aws-appsync-auth-link", "aws-appsync-subscription-link"];

/// Makes what signs requests, or signs one; nothing for other names.
pub(crate) fn call(cx: &mut Cx<'_, '_>, name: Name<'_>, args: &Args) -> Option<Value> {
    if GRAPHQL.contains(&name.module) && signs_graphql(cx, args) {
        note_signed(cx, Some("appsync"));
        return Some(foreign(name.module));
    }
    let path = name.path.strip_prefix("AWS.").unwrap_or(name.path);
    let (module, _, service) =
        SIGNERS.iter().find(|(module, own, _)| *module == name.module && *own == path)?;
    let option = |cx: &mut Cx<'_, '_>, option: &str| {
        let options = args.at(0).cloned().unwrap_or_default();
        // Some packages take what is signed apart from their own options.
        let nested = entry(cx, &options, "options").closed();
        let nested = entry(cx, &nested, option).closed();
        entry(cx, &options, option).closed().joined(&nested).to_str()
    };
    let service = match service {
        Service::Option(name) => option(cx, name),
        Service::OptionOr(name, default) => option(cx, name).or(Some((*default).to_owned())),
        Service::Argument(position) => args.positional.get(*position).and_then(Value::to_str),
        Service::Always(service) => Some((*service).to_owned()),
    };
    note_signed(cx, service.as_deref());
    Some(foreign(module))
}

/// Whether the options of a client of AWS AppSync choose IAM, as `AUTH_TYPE.AWS_IAM` or by the value of it.
fn signs_graphql(cx: &mut Cx<'_, '_>, args: &Args) -> bool {
    let options = args.at(0).cloned().unwrap_or_default();
    let auth = entry(cx, &options, "auth").closed();
    let kind = entry(cx, &auth, "type").closed();
    kind.atoms().iter().any(|atom| match atom {
        Atom::External(external) => external.path.ends_with("AWS_IAM"),
        _ => atom.as_text().and_then(|text| text.to_literal()).as_deref() == Some("AWS_IAM"),
    })
}
