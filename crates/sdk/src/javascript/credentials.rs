//! Credentials of other roles: the providers of `@aws-sdk/credential-providers`, the credentials classes
//! of the SDK v2, and the keys in a response of STS. Clients that are made with them act for that role.

use perm_infer_analysis::{Args, Atom, Cx, Value};

use super::Javascript;
use super::names::Name;
use crate::shared::{credentials, credentials_in, dict_of, entry, made_with, tag_of, tagged};

/// Packages with providers of credentials for the SDK v3.
const PROVIDERS: &[&str] = &["@aws-sdk/credential-providers", "@aws-sdk/credential-provider-sts"];

impl Javascript<'_> {
    /// A provider of temporary credentials, which assumes the role that it names; nothing for other
    /// names. Web identities and profiles are the program's own identity.
    pub(crate) fn call_credentials(&self, cx: &mut Cx<'_, '_>, name: Name<'_>, args: &Args) -> Option<Value> {
        let path = name.path.strip_prefix("AWS.").unwrap_or(name.path);
        let params = match (name.module, path) {
            (module, "fromTemporaryCredentials") if PROVIDERS.contains(&module) => {
                entry(cx, args.at(0)?, "params")
            }
            ("aws-sdk", "ChainableTemporaryCredentials") => entry(cx, args.at(0)?, "params"),
            ("aws-sdk", "TemporaryCredentials") => args.at(0)?.clone(),
            ("aws-sdk", "Credentials") => {
                let found = args.positional.iter().map(credentials_in);
                let found = found.fold(Value::bottom(), |all, one| all.joined(&one));
                return (!found.is_bottom()).then_some(found);
            }
            _ => return None,
        };
        let role = entry(cx, &params, "RoleArn");
        if role.is_bottom() {
            // Without a role it is a session of the program itself.
            return None;
        }
        let target = dict_of(&[("RoleArn", Some(&role))]).into();
        self.shared.perform_named(cx, "sts", "AssumeRole", target);
        Some(credentials(&role))
    }
}

/// A client as it is made with these options: it acts for the role whose credentials they hold.
pub(crate) fn client_with(cx: &mut Cx<'_, '_>, client: Value, options: Option<&Value>) -> Value {
    let Some(options) = options else { return client };
    let mut given = entry(cx, options, "credentials");
    let functions = given.without(|atom| !matches!(atom, Atom::Function(_))).closed();
    if !functions.is_bottom() {
        given.join(&cx.call(&functions, &Args::of(Vec::new())));
    }
    // The SDK v2 takes the parts of credentials as options of their own.
    let with = if given.is_bottom() { credentials_in(options) } else { holders(&given) };
    if credentials_in(&with).is_bottom() { client } else { made_with(client, Some(&with)) }
}

/// Objects of keys as the credentials that the keys belong to.
fn holders(value: &Value) -> Value {
    value.map(
        |atom| {
            let found = credentials_in(&atom.clone().into());
            if found.is_bottom() { atom.clone().into() } else { found }
        },
        |hole| Value::unknown((**hole).clone()),
    )
}

/// What is made of a client acts for whom the client acts.
pub(crate) fn like_client(made: &Value, client: Option<&Value>) -> Value {
    let Some(client) = client else { return made.clone() };
    let mut result = Value::bottom();
    for atom in client.atoms() {
        match tag_of(atom) {
            Some(tag) => result.join(&tagged(made, tag)),
            None => result.join(made),
        };
    }
    if client.is_open() || result.is_bottom() { result.joined(made) } else { result }
}

/// Does something on behalf of whom a client acts that is handed over as an argument.
pub(crate) fn on_behalf_of_client<T>(
    cx: &mut Cx<'_, '_>,
    client: Option<&Value>,
    act: impl FnOnce(&mut Cx<'_, '_>) -> T,
) -> T {
    let tag = client.and_then(Value::single).and_then(tag_of).cloned();
    let Some(tag) = tag else { return act(cx) };
    let outer = cx.on_behalf_of(Some(tag));
    let result = act(cx);
    cx.on_behalf_of(outer);
    result
}
