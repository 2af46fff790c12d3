//! Where configurations of the Serverless Framework keep the policy of a function: in the role that all
//! functions share, or with a plugin in the function itself.

use crate::document::{Document, Refusal};
use crate::place::{Spot, Wrap};
use crate::tree::{Kind, Node};

/// The plugin that gives each function a role. Source: its README.
const PLUGIN: &str = "serverless-iam-roles-per-function";

/// The place for the policy of a function by its key.
pub(crate) fn spot(document: &Document, function: &str) -> Result<Spot, Refusal> {
    let root = &document.tree.root;
    let own = function_at(root, function);
    if let Some((_, own)) = &own
        && let Some(role) = own.get("role")
    {
        return of_role(document, function, role);
    }
    if has_plugin(root) {
        let Some((path, _)) = own else {
            return Err(Refusal::new(0, format!("function {function} is defined in another file")));
        };
        let mut path = path;
        path.push("iamRoleStatements".to_owned());
        return Ok(Spot { path, wrap: Wrap::Statement });
    }
    shared(root)
}

/// The statements of the role that the framework makes for all functions.
/// Source: "Serverless Framework - AWS Lambda - IAM": `provider.iam.role.statements`, before version 2.24
/// `provider.iamRoleStatements`.
fn shared(root: &Node) -> Result<Spot, Refusal> {
    let provider = root.get("provider");
    let stated = provider.and_then(|provider| {
        let role = provider.at_path(&["iam", "role"]);
        role.filter(|role| !matches!(role.kind, Kind::Map { .. } | Kind::Null))
            .or_else(|| provider.get("role"))
    });
    if let Some(role) = stated {
        return Err(Refusal::new(
            role.span.start,
            "the role of the functions is none that the framework makes",
        ));
    }
    let older = provider.and_then(|provider| provider.get("iamRoleStatements")).is_some();
    Ok(if older {
        Spot::new(&["provider", "iamRoleStatements"], Wrap::Statement)
    } else {
        Spot::new(&["provider", "iam", "role", "statements"], Wrap::Statement)
    })
}

/// A role among the resources of the configuration.
fn of_role(document: &Document, function: &str, role: &Node) -> Result<Spot, Refusal> {
    let id = role.text().filter(|_| role.tag.is_none()).map(str::to_owned).or_else(|| role.refers_to());
    let resources = document.tree.root.at_path(&["resources", "Resources"]);
    let is_role = |id: &String| {
        resources.and_then(|all| all.at_path(&[id, "Type"])).and_then(Node::text) == Some("AWS::IAM::Role")
    };
    match id.filter(is_role) {
        Some(id) => {
            Ok(Spot::new(&["resources", "Resources", &id, "Properties", "Policies"], Wrap::NamedPolicy))
        }
        None => Err(Refusal::new(role.span.start, format!("the role of {function} is none of this file"))),
    }
}

/// The function with the keys that lead to it.
fn function_at<'t>(root: &'t Node, function: &str) -> Option<(Vec<String>, &'t Node)> {
    let found = root.at_path(&["functions", function])?;
    Some((vec!["functions".to_owned(), function.to_owned()], found))
}

fn has_plugin(root: &Node) -> bool {
    let plugins = root.get("plugins");
    let modules = plugins.and_then(|plugins| plugins.get("modules")).or(plugins);
    modules.map(Node::one_or_items).unwrap_or_default().iter().any(|plugin| plugin.text() == Some(PLUGIN))
}
