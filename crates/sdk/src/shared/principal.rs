//! Whose calls they are: credentials of another role, and what is made with them.
//!
//! The parts of the credentials that assuming a role gives are values of the kind [`CREDENTIALS`],
//! which hold the role. A session or client made with them is tagged with the role ([`made_with`]).
//! Everything that comes out of a tagged value is tagged too, and what it performs is performed on
//! behalf of the role ([`as_principal`]), so that no model has to hand the tag on.

use std::sync::Arc;

use perm_infer_analysis::{Atom, Cx, Dict, Entry, HoleReason, LibraryValue, List, Value};
use perm_infer_catalog::Operation;

/// The kind of values that are credentials, or a part of them.
pub(crate) const CREDENTIALS: &str = "credentials";

/// The field of credentials that holds the role, and that of tagged values.
const PRINCIPAL: &str = "principal";

/// Operations of STS whose response has credentials of the role that they name. The credentials of
/// `GetSessionToken` and `GetFederationToken` act for the caller itself.
const ASSUMING: &[&str] = &["AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"];

/// Credentials of a role, by its ARN.
pub(crate) fn credentials(role: &Value) -> Value {
    Value::library(CREDENTIALS, CREDENTIALS, vec![(PRINCIPAL, role.clone())])
}

/// The role whose credentials the response to an operation holds.
pub(crate) fn role_of_response(cx: &Cx<'_, '_>, operation: Operation, params: &Value) -> Option<Value> {
    if operation.service().name() != "sts" || !ASSUMING.contains(&operation.name()) {
        return None;
    }
    let role = super::entry(cx, params, "RoleArn");
    Some(if role.is_bottom() { cx.unknown(HoleReason::Result("RoleArn".into())) } else { role })
}

/// What is made with credentials, once for each role whose credentials they may be, and once for the
/// program itself when they may be anything else.
pub(crate) fn made_with(made: Value, with: Option<&Value>) -> Value {
    let Some(with) = with else { return made };
    let mut result = Value::bottom();
    let mut own = with.is_open();
    for atom in with.atoms() {
        match atom {
            Atom::Library(value) if value.kind == CREDENTIALS => match value.field(PRINCIPAL) {
                Some(role) => {
                    result.join(&tagged(&made, role));
                }
                None => own = true,
            },
            _ => own = true,
        }
    }
    if own { result.joined(&made) } else { result }
}

/// Credentials anywhere in a value: in dictionaries and lists too.
pub(crate) fn credentials_in(value: &Value) -> Value {
    const DEPTH: usize = 3;
    fn search(value: &Value, found: &mut Value, depth: usize) {
        for atom in value.atoms() {
            match atom {
                Atom::Library(value) if value.kind == CREDENTIALS => {
                    found.join(&atom.clone().into());
                }
                Atom::Dict(dict) if depth < DEPTH => search(&dict.element(), found, depth + 1),
                Atom::List(list) if depth < DEPTH => search(&list.element(), found, depth + 1),
                _ => {}
            }
        }
    }
    let mut found = Value::bottom();
    search(value, &mut found, 0);
    found
}

/// Answers a question about `object` on behalf of whom it is tagged with.
pub(crate) fn as_principal<T>(
    cx: &mut Cx<'_, '_>,
    object: &Atom,
    answer: impl FnOnce(&mut Cx<'_, '_>) -> Option<T>,
    tag: impl FnOnce(T, &Value) -> T,
) -> Option<T> {
    let principal = principal_of(object).cloned();
    let outer = cx.on_behalf_of(principal.clone());
    let result = answer(cx);
    cx.on_behalf_of(outer);
    match principal {
        Some(principal) => result.map(|result| tag(result, &principal)),
        None => result,
    }
}

/// Whom a value is tagged with.
pub(crate) fn tag_of(object: &Atom) -> Option<&Value> {
    principal_of(object)
}

fn principal_of(object: &Atom) -> Option<&Value> {
    match object {
        Atom::Library(value) if value.kind != CREDENTIALS => value.field(PRINCIPAL),
        Atom::Method(inner, _) => principal_of(inner),
        _ => None,
    }
}

/// The value with a tag on all library values that have none.
pub(crate) fn tagged(value: &Value, principal: &Value) -> Value {
    value.map(|atom| tagged_atom(atom, principal), |hole| Value::unknown((**hole).clone()))
}

fn tagged_atom(atom: &Atom, principal: &Value) -> Value {
    match atom {
        Atom::Library(value) if value.kind != CREDENTIALS && value.field(PRINCIPAL).is_none() => {
            let mut fields = value.fields().to_vec();
            fields.push((PRINCIPAL, principal.clone()));
            Atom::Library(Arc::new(LibraryValue::new(value.kind, value.name.clone(), fields))).into()
        }
        Atom::Method(inner, name) => match tagged_atom(inner, principal).single() {
            Some(inner) => Atom::Method(Arc::new(inner.clone()), name.clone()).into(),
            None => atom.clone().into(),
        },
        Atom::List(list) => {
            let items = list.items.iter().map(|item| tagged(item, principal)).collect();
            List::new(items, list.rest.as_ref().map(|rest| tagged(rest, principal))).into()
        }
        Atom::Dict(dict) => {
            let entries = dict.entries.iter();
            let entries =
                entries.map(|entry| Entry { value: tagged(&entry.value, principal), ..entry.clone() });
            Dict::new(entries.collect(), dict.rest.as_ref().map(|rest| tagged(rest, principal))).into()
        }
        _ => atom.clone().into(),
    }
}
