//! Models for Javascript.

use perm_infer_analysis::{Args, Atom, Cx, Library, Outcome, Protocol, Value};
use perm_infer_facts::BinaryOp;

use crate::shared::Shared;

/// The models of everything that Javascript code uses from outside of the project.
pub(crate) struct Javascript<'a> {
    pub(crate) shared: Shared<'a>,
}

impl Library for Javascript<'_> {
    fn owns_module(&self, _dialect: &str, _specifier: &str) -> bool {
        false
    }
    fn global(&self, _cx: &mut Cx<'_, '_>, _name: &str) -> Option<Value> {
        None
    }
    fn attribute(&self, _cx: &mut Cx<'_, '_>, _object: &Atom, _name: &str) -> Option<Value> {
        None
    }
    fn index(&self, _cx: &mut Cx<'_, '_>, _object: &Atom, _index: &Value) -> Option<Value> {
        None
    }
    fn element(&self, _cx: &mut Cx<'_, '_>, _object: &Atom) -> Option<Value> {
        None
    }
    fn enter(&self, _cx: &mut Cx<'_, '_>, _object: &Atom) -> Option<Value> {
        None
    }
    fn awaited(&self, _cx: &mut Cx<'_, '_>, _object: &Atom) -> Option<Value> {
        None
    }
    fn call(&self, _cx: &mut Cx<'_, '_>, _callee: &Atom, _args: &Args) -> Option<Value> {
        None
    }
    fn method(&self, _cx: &mut Cx<'_, '_>, _object: &Atom, _name: &str, _args: &Args) -> Option<Outcome> {
        None
    }
    fn unknown_method(&self, _cx: &mut Cx<'_, '_>, _name: &str, _args: &Args) -> Option<Value> {
        None
    }
    fn typed(&self, _cx: &mut Cx<'_, '_>, _ty: &Atom) -> Option<Value> {
        None
    }
    fn binary(&self, _cx: &mut Cx<'_, '_>, _op: BinaryOp, _left: &Atom, _right: &Value) -> Option<Value> {
        None
    }
    fn inherited(&self, _cx: &mut Cx<'_, '_>, _base: &Atom, _instance: &Atom, _name: &str) -> Option<Value> {
        None
    }
    fn protocol(&self, _protocol: Protocol) -> &'static [&'static str] {
        &[]
    }
}
