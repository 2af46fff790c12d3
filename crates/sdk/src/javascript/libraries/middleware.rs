//! Middlewares of `middy` that fetch something before the handler runs. `fetchData` maps names of the
//! handler's own to what is fetched: a name, or the input of the operation.

use perm_infer_analysis::{Args, Atom, Cx, Value};

use super::super::Javascript;
use super::super::foreign::foreign;
use super::super::names::Name;
use super::is_false;
use crate::shared::{dict_of, each_text, entry};

/// Packages with the service, the operation and the member that a name in `fetchData` fills.
const FETCHING: &[(&str, &str, &str, &str)] = &[
    ("@middy/appconfig", "appconfigdata", "StartConfigurationSession", ""),
    ("@middy/appconfig", "appconfigdata", "GetLatestConfiguration", ""),
    ("@middy/dynamodb", "dynamodb", "GetItem", ""),
    ("@middy/s3", "s3", "GetObject", ""),
    ("@middy/secrets-manager", "secretsmanager", "GetSecretValue", "SecretId"),
    ("@middy/service-discovery", "servicediscovery", "DiscoverInstances", ""),
    ("@middy/ssm", "ssm", "GetParameters", "Names"),
    ("@middy/sts", "sts", "AssumeRole", ""),
];

impl Javascript<'_> {
    pub(super) fn call_middleware(&self, cx: &mut Cx<'_, '_>, name: Name<'_>, args: &Args) -> Option<Value> {
        let options = args.at(0)?.clone();
        let data = entry(cx, &options, "fetchData").closed();
        let fetching: Vec<_> = FETCHING.iter().filter(|(package, ..)| *package == name.module).collect();
        if fetching.is_empty() || data.is_bottom() {
            return None;
        }
        let rotated = entry(cx, &options, "fetchRotationDate").closed();
        for atom in data.atoms() {
            let Atom::Dict(data) = atom else { continue };
            for value in data.entries.iter().map(|entry| &entry.value).chain(&data.rest) {
                for (_, service, operation, member) in &fetching {
                    self.fetched(cx, service, operation, member, value);
                }
                if name.module == "@middy/secrets-manager" && !rotated.is_bottom() && !is_false(&rotated) {
                    self.fetched(cx, "secretsmanager", "DescribeSecret", "SecretId", value);
                }
            }
        }
        Some(foreign("middy"))
    }

    fn fetched(&self, cx: &mut Cx<'_, '_>, service: &str, operation: &str, member: &str, value: &Value) {
        if member.is_empty() {
            self.shared.perform_named(cx, service, operation, value.clone());
            return;
        }
        let is_path = |text: &perm_infer_analysis::Text| {
            text.parts().last().and_then(|part| part.literal()).is_some_and(|end| end.ends_with('/'))
        };
        // A parameter name that ends in a slash stands for all below it.
        let of = |wanted: bool| {
            each_text(value, |text| {
                if (service == "ssm" && is_path(text)) == wanted {
                    Atom::Text(text.clone()).into()
                } else {
                    Value::bottom()
                }
            })
        };
        let (names, paths) = (of(false), of(true));
        if !names.is_bottom() {
            let names = if member == "Names" { Value::list(vec![names]) } else { names };
            let params = dict_of(&[(member, Some(&names))]).into();
            self.shared.perform_named(cx, service, operation, params);
        }
        if !paths.is_bottom() {
            let params = dict_of(&[("Path", Some(&paths))]).into();
            self.shared.perform_named(cx, "ssm", "GetParametersByPath", params);
        }
    }
}
