//! What clients of S3 do besides plain operations: uploads in parts, signed URLs and forms.

use perm_infer_analysis::{Args, Atom, Cx, Hole, HoleReason, LibraryValue, Text, TextKind, Value};

use super::Javascript;
use super::client::request_params;
use super::foreign::foreign;
use super::functions::{call_with_result, last_callback};
use super::response::response;
use crate::shared::{dict_of, entry};

/// What a browser replaces by the name of the uploaded file.
const FILE_NAME: &str = "${filename}";

impl Javascript<'_> {
    /// A method of a client that is more than one operation; nothing for other methods.
    pub(crate) fn transfer_method(
        &self,
        cx: &mut Cx<'_, '_>,
        client: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        match name {
            "upload" if &*client.name == "s3" => {
                let params = request_params(client, args.at(0));
                let result = self.upload(cx, &params);
                if let Some(callback) = last_callback(args).cloned() {
                    call_with_result(cx, &callback, &result);
                }
                Some(result)
            }
            "getSignedUrl" | "getSignedUrlPromise" => {
                self.by_name(cx, client, args, "operation", |service, name| {
                    service.operation_for_camel(name)
                });
                Some(foreign("a signed URL"))
            }
            "createPresignedPost" => {
                let params = request_params(client, args.at(0));
                let fields = entry(cx, &params, "Fields");
                let key = form_key(&entry(cx, &fields, "key").joined(&entry(cx, &fields, "Key")));
                let bucket = entry(cx, &params, "Bucket");
                let target = dict_of(&[("Bucket", Some(&bucket)), ("Key", Some(&key))]).into();
                self.shared.perform_named(cx, "s3", "PutObject", target);
                Some(foreign("a signed form"))
            }
            _ => None,
        }
    }

    /// A method of an upload: only `done` and the methods of the SDK v2 that send it start it.
    pub(crate) fn upload_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Value {
        if !matches!(name, "done" | "promise" | "send") {
            return foreign("an upload");
        }
        let params = value.field("params").cloned().unwrap_or_default();
        let result = self.upload(cx, &params);
        if let Some(callback) = last_callback(args).cloned() {
            call_with_result(cx, &callback, &result);
        }
        result
    }

    /// An upload needs `s3:PutObject` for all of its requests, and aborts itself when it fails
    /// ("Multipart upload API and permissions", Amazon S3 User Guide).
    pub(crate) fn upload(&self, cx: &mut Cx<'_, '_>, params: &Value) -> Value {
        self.shared.perform_named(cx, "s3", "PutObject", params.clone());
        let (bucket, key) = (entry(cx, params, "Bucket"), entry(cx, params, "Key"));
        let target = dict_of(&[("Bucket", Some(&bucket)), ("Key", Some(&key))]).into();
        self.shared.perform_named(cx, "s3", "AbortMultipartUpload", target);
        match self.shared.catalog.service("s3").and_then(|service| service.operation("PutObject")) {
            Some(operation) => response(operation, params.clone()),
            None => foreign("an upload"),
        }
    }
}

/// The key of a form: the name of the file, which the browser fills in, is unknown.
pub(crate) fn form_key(key: &Value) -> Value {
    let hole = || std::sync::Arc::new(Hole::new(HoleReason::Parameter("filename".into())));
    key.map(
        |atom| {
            let Atom::Text(text) = atom else { return atom.clone().into() };
            let mut result = Text::default();
            for part in text.parts() {
                let TextKind::Literal(literal) = &part.kind else {
                    result.push(part.clone());
                    continue;
                };
                for (position, piece) in literal.split(FILE_NAME).enumerate() {
                    if position > 0 {
                        result.push_text(&Text::hole(hole(), part.site));
                    }
                    result.push_text(&Text::literal(piece, part.site));
                }
            }
            Atom::Text(result).into()
        },
        |hole| Value::unknown((**hole).clone()),
    )
}
