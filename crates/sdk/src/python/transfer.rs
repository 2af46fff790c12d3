//! The transfer methods that boto3 adds to S3's client and to its `Bucket`, `Object` and
//! `ObjectSummary` resources.
//!
//! An upload is `PutObject`, or a multipart upload, whose create, upload-part and complete requests
//! need the same `s3:PutObject`; when a part fails it is aborted, which needs
//! `s3:AbortMultipartUpload` ("Multipart upload API and permissions" in the Amazon S3 User Guide). A
//! download asks for the object's size (`HeadObject`) and then gets it (`GetObject`). A copy asks for
//! the size of the source and then is a `CopyObject`, or a multipart upload of copied parts.

use perm_infer_analysis::{Args, Atom, Cx, Dict, HoleReason, Value};

use super::Python;
use crate::shared::{computed, dict_of, each_text, entry, replace};

/// The arguments that say what is transferred, by position. `None` is an argument that does not matter.
type Signature = &'static [Option<&'static str>];

/// Whether boto3 adds a transfer method of this name to S3's client or resources.
pub(crate) fn is_transfer_method(name: &str) -> bool {
    matches!(
        name,
        "upload_file"
            | "upload_fileobj"
            | "download_file"
            | "download_fileobj"
            | "copy"
            | "generate_presigned_post"
    )
}

impl Python<'_> {
    /// A transfer method of the client, if `name` is one.
    pub(crate) fn client_transfer(&self, cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Option<Value> {
        let signature: Signature = match name {
            "upload_file" | "upload_fileobj" => &[None, Some("Bucket"), Some("Key"), Some("ExtraArgs")],
            "download_file" | "download_fileobj" => &[Some("Bucket"), Some("Key"), None, Some("ExtraArgs")],
            "copy" => &[Some("CopySource"), Some("Bucket"), Some("Key"), Some("ExtraArgs")],
            "generate_presigned_post" => &[Some("Bucket"), Some("Key")],
            _ => return None,
        };
        Some(self.transfer(cx, name, &given(signature, args)))
    }

    /// A transfer method of an S3 resource, if `name` is one. `bucket` and `key` are its identifiers.
    pub(crate) fn resource_transfer(
        &self,
        cx: &mut Cx<'_, '_>,
        bucket: &Value,
        key: Option<&Value>,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        let signature: Signature = match (name, key.is_some()) {
            ("upload_file" | "upload_fileobj", true) => &[None, Some("ExtraArgs")],
            ("upload_file" | "upload_fileobj", false) => &[None, Some("Key"), Some("ExtraArgs")],
            ("download_file" | "download_fileobj", true) => &[None, Some("ExtraArgs")],
            ("download_file" | "download_fileobj", false) => &[Some("Key"), None, Some("ExtraArgs")],
            ("copy", true) => &[Some("CopySource"), Some("ExtraArgs")],
            ("copy", false) => &[Some("CopySource"), Some("Key"), Some("ExtraArgs")],
            _ => return None,
        };
        let mut params = given(signature, args);
        params.update(&dict_of(&[("Bucket", Some(bucket)), ("Key", key)]));
        Some(self.transfer(cx, name, &params))
    }

    fn transfer(&self, cx: &mut Cx<'_, '_>, name: &str, given: &Dict) -> Value {
        let value = Value::from(given.clone());
        let target = dict_of(&[
            ("Bucket", Some(&entry(cx, &value, "Bucket"))),
            ("Key", Some(&entry(cx, &value, "Key"))),
        ]);
        let extra = entry(cx, &value, "ExtraArgs");
        let with_extra: Value = extended(&target, &extra).into();
        match name {
            "download_file" | "download_fileobj" => {
                self.shared.perform_named(cx, "s3", "HeadObject", with_extra.clone());
                self.shared.perform_named(cx, "s3", "GetObject", with_extra);
            }
            "copy" => {
                let source = entry(cx, &value, "CopySource");
                self.shared.perform_named(cx, "s3", "HeadObject", source.clone());
                let mut params = extended(&target, &extra);
                params.update(&dict_of(&[("CopySource", Some(&source))]));
                self.shared.perform_named(cx, "s3", "CopyObject", params.into());
                self.shared.perform_named(cx, "s3", "AbortMultipartUpload", target.into());
            }
            "generate_presigned_post" => {
                self.shared.perform_named(cx, "s3", "PutObject", posted(&target).into());
            }
            _ => {
                self.shared.perform_named(cx, "s3", "PutObject", with_extra);
                self.shared.perform_named(cx, "s3", "AbortMultipartUpload", target.into());
            }
        }
        match name {
            "generate_presigned_post" => cx.unknown(HoleReason::Result(name.into())),
            _ => Atom::Null.into(),
        }
    }
}

/// The arguments by name.
fn given(signature: Signature, args: &Args) -> Dict {
    let mut entries = Vec::new();
    for (position, name) in signature.iter().enumerate() {
        if let Some(name) = name {
            entries.push((*name, args.get(position, name)));
        }
    }
    let mut dict = dict_of(&entries);
    dict.rest.clone_from(&args.named_rest);
    dict
}

/// The target of a form post: S3 puts the name of the user's file in place of `${filename}` ("POST
/// Object" in the Amazon S3 API Reference).
fn posted(target: &Dict) -> Dict {
    let mut result = target.clone();
    for entry in &mut result.entries {
        let filled =
            each_text(&entry.value, |text| Atom::Text(replace(text, "${filename}", &computed())).into());
        entry.value = filled;
    }
    result
}

/// The target with the request parameters in `ExtraArgs`.
fn extended(target: &Dict, extra: &Value) -> Dict {
    let mut result = target.clone();
    for atom in extra.atoms() {
        if let Atom::Dict(dict) = atom {
            for entry in &dict.entries {
                let mut one = Dict::default();
                one.entries.push(entry.clone());
                result.update(&one);
            }
            if let Some(rest) = &dict.rest {
                result.rest.get_or_insert_default().join(rest);
            }
        }
    }
    if let Some(hole) = extra.hole() {
        result.rest.get_or_insert_default().join(&Value::unknown((**hole).clone()));
    }
    result
}
