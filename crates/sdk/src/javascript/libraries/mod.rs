//! Libraries that call AWS for the user, as data: which of their functions and methods perform which
//! operations, and where the names of resources stand in their options.

mod appsync;
mod dynamoose;
mod electrodb;
mod keyrings;
mod mapper;
mod middleware;
mod onetable;
mod parameters;
mod queues;
mod sst;
mod toolbox;
mod uploads;

use perm_infer_analysis::{Args, Atom, Cx, LibraryValue, Value};

use super::names::Name;
use super::{Javascript, kind};

impl Javascript<'_> {
    /// Calling or constructing a name of a library that wraps an SDK; nothing for other modules.
    pub(crate) fn call_wrapper(&self, cx: &mut Cx<'_, '_>, name: Name<'_>, args: &Args) -> Option<Value> {
        match name.module.split('/').next()? {
            "dynamoose" => self.call_dynamoose(cx, name.path, args),
            "electrodb" => self.call_electrodb(cx, name.path, args),
            "dynamodb-toolbox" => self.call_toolbox(cx, name, args),
            "dynamodb-onetable" => self.call_onetable(cx, name.path, args),
            "sqs-consumer" | "sqs-producer" => self.call_queue_library(cx, name, args),
            "@aws-appsync" => self.call_appsync(cx, name, args),
            "@aws-crypto" => self.call_encryption_sdk(cx, name, args),
            "@aws-lambda-powertools" => self.call_powertools(cx, name, args),
            "@middy" => self.call_middleware(cx, name, args),
            "sst" => self.call_sst(cx, name, args),
            "multer-s3" | "multer-s3-transform" | "nodemailer" => self.call_upload_library(cx, name, args),
            _ => None,
        }
    }

    /// A method of a value that one of these libraries gave; nothing for other kinds.
    pub(crate) fn wrapper_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        match value.kind {
            kind::MAPPER | kind::MAPPER_REQUEST => self.mapper_method(cx, value, name, args),
            kind::PARAMETERS => self.parameters_method(cx, value, name, args),
            kind::ENCRYPTION => self.encryption_method(cx, name, args),
            kind::QUEUE => Some(self.queue_method(cx, value, name)),
            kind::MAIL => Some(self.mail_method(cx, value, name, args)),
            _ => None,
        }
    }

    /// An attribute of such a value; nothing where it is a method to be called later.
    pub(crate) fn wrapper_attribute(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
    ) -> Option<Value> {
        match (&*value.name, value.kind) {
            ("electrodb" | "electrodb.service", kind::MAPPER) => self.electrodb_attribute(cx, value, name),
            _ => None,
        }
    }
}

/// A library value as a value.
fn whole(value: &LibraryValue) -> Value {
    Atom::Library(std::sync::Arc::new(value.clone())).into()
}

/// Whether an option is certainly `false`.
fn is_false(value: &Value) -> bool {
    !value.is_open()
        && !value.is_bottom()
        && value.atoms().iter().all(|atom| matches!(atom, Atom::Bool(false)))
}
