//! The interpreter (the bodies follow).
#![allow(missing_docs, clippy::todo, unused)]
use crate::library::{Args, Effect, Note};
use crate::value::{ContextId, FileId, Site, Value};
use perm_infer_facts::FuncId;
use std::sync::Arc;

/// What the analysis of one connected part of the project found.
#[derive(Debug, Default)]
pub struct Analysis {
    /// Calls in a stable order.
    pub calls: Vec<Call>,
    /// Activations, by [`ContextId`].
    pub contexts: Vec<ContextInfo>,
    /// Messages.
    pub notes: Vec<Note>,
}

/// One operation that the project performs.
#[derive(Clone, Debug)]
pub struct Call {
    /// What is performed.
    pub effect: Effect,
    /// The call expression.
    pub site: Site,
    /// The activation it stands in.
    pub context: ContextId,
}

/// One activation of a function.
#[derive(Clone, Debug)]
pub struct ContextInfo {
    /// The file.
    pub file: FileId,
    /// The function.
    pub func: FuncId,
    /// The call that led here first; none for entry points.
    pub caller: Option<(ContextId, Site)>,
}

pub(crate) struct Interp<'p> {
    x: &'p (),
}

impl Interp<'_> {
    pub(crate) fn dialect(&self, file: FileId) -> &'static str {
        todo!()
    }
    pub(crate) fn call_value(&mut self, callee: &Value, args: &Args, site: Site) -> Value {
        todo!()
    }
    pub(crate) fn call_method_of_value(
        &mut self,
        object: &Value,
        name: &str,
        args: &Args,
        site: Site,
    ) -> Value {
        todo!()
    }
    pub(crate) fn attribute(&mut self, object: &Value, name: &str, site: Site) -> Value {
        todo!()
    }
    pub(crate) fn index(&mut self, object: &Value, index: &Value, site: Site) -> Value {
        todo!()
    }
    pub(crate) fn element(&mut self, value: &Value, site: Site) -> Value {
        todo!()
    }
    pub(crate) fn to_text(&mut self, value: &Value, site: Site) -> Value {
        todo!()
    }
    pub(crate) fn concat(&mut self, left: &Value, right: &Value, site: Site) -> Value {
        todo!()
    }
    pub(crate) fn perform(&mut self, effect: Effect, site: Site) {
        todo!()
    }
    pub(crate) fn note(&mut self, note: Note) {
        todo!()
    }
}
