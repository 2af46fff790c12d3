//! `sqs-consumer`, which receives and deletes what its handler has worked off, and `sqs-producer`.

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, LibraryValue, Value};

use super::super::credentials::like_client;
use super::super::functions::call_back;
use super::super::names::Name;
use super::super::{Javascript, kind};
use super::{is_false, whole};
use crate::shared::{dict_of, entry};

impl Javascript<'_> {
    pub(super) fn call_queue_library(
        &self,
        cx: &mut Cx<'_, '_>,
        name: Name<'_>,
        args: &Args,
    ) -> Option<Value> {
        let is_constructor =
            matches!(name.path, "Consumer.create" | "Consumer" | "Producer.create" | "Producer");
        // The first versions export the class itself.
        if !is_constructor && name.path != "create" {
            return None;
        }
        let options = args.at(0)?.clone();
        // Its handlers are called with messages.
        call_back(cx, args);
        let client = entry(cx, &options, "sqs").closed();
        let queue = Value::library(kind::QUEUE, name.module, vec![("options", options)]);
        Some(like_client(&queue, Some(&client)))
    }

    pub(super) fn queue_method(&self, cx: &mut Cx<'_, '_>, queue: &LibraryValue, name: &str) -> Value {
        let options = queue.field("options").cloned().unwrap_or_default();
        let url = entry(cx, &options, "queueUrl");
        let params: Value = dict_of(&[("QueueUrl", Some(&url))]).into();
        let perform = |cx: &mut Cx<'_, '_>, operation: &str| {
            self.shared.perform_named(cx, "sqs", operation, params.clone());
        };
        match (&*queue.name, name) {
            ("sqs-producer", "send") => perform(cx, "SendMessageBatch"),
            ("sqs-producer", "queueSize") => perform(cx, "GetQueueAttributes"),
            ("sqs-consumer", "start") => {
                perform(cx, "ReceiveMessage");
                let set = |cx: &Cx<'_, '_>, name: &str| {
                    let value = entry(cx, &options, name).without(|atom| matches!(atom, Atom::Null));
                    !value.is_bottom() && !is_false(&value)
                };
                let batches = set(cx, "handleMessageBatch");
                if !is_false(&entry(cx, &options, "shouldDeleteMessages")) {
                    perform(cx, if batches { "DeleteMessageBatch" } else { "DeleteMessage" });
                }
                if set(cx, "heartbeatInterval") || set(cx, "terminateVisibilityTimeout") {
                    let one = "ChangeMessageVisibility";
                    perform(cx, if batches { "ChangeMessageVisibilityBatch" } else { one });
                }
            }
            _ => return whole(queue),
        }
        cx.unknown(HoleReason::Result(name.into()))
    }
}
