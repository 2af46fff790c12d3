//! Libraries that are handed a client: `multer-s3` stores the files of a request in a bucket, `nodemailer`
//! sends through Amazon SES.

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, LibraryValue, Value};

use super::super::credentials::like_client;
use super::super::functions::call_back;
use super::super::names::Name;
use super::super::{Javascript, kind};
use super::whole;
use crate::shared::{dict_of, entry};

impl Javascript<'_> {
    pub(super) fn call_upload_library(
        &self,
        cx: &mut Cx<'_, '_>,
        name: Name<'_>,
        args: &Args,
    ) -> Option<Value> {
        let options = args.at(0)?.clone();
        if name.module == "nodemailer" {
            let transport = entry(cx, &options, "SES").closed();
            if name.path != "createTransport" || transport.is_bottom() {
                return None;
            }
            let client = entry(cx, &transport, "ses").joined(&entry(cx, &transport, "sesClient"));
            let client = if client.is_bottom() { transport } else { client }.closed();
            let mail = Value::library(kind::MAIL, "nodemailer", vec![("client", client.clone())]);
            return Some(like_client(&mail, Some(&client)));
        }
        if !name.path.is_empty() {
            return None;
        }
        let value = |cx: &mut Cx<'_, '_>, option: &str| {
            let given = entry(cx, &options, option).closed();
            self.answered(cx, &given)
        };
        let (bucket, key, acl) = (value(cx, "bucket"), value(cx, "key"), value(cx, "acl"));
        // Without a key the library makes one up.
        let key = if key.is_bottom() { cx.unknown(HoleReason::Result("multer-s3".into())) } else { key };
        let acl = Some(&acl).filter(|acl| !acl.is_bottom());
        let params = dict_of(&[("Bucket", Some(&bucket)), ("Key", Some(&key)), ("ACL", acl)]);
        self.upload(cx, &params.into());
        call_back(cx, &Args::of(vec![entry(cx, &options, "metadata").closed()]));
        Some(super::super::foreign::foreign("multer-s3"))
    }

    /// An option that is a value, or a function that hands one to its callback.
    fn answered(&self, cx: &mut Cx<'_, '_>, option: &Value) -> Value {
        let functions = option.without(|atom| !matches!(atom, Atom::Function(_))).closed();
        if functions.is_bottom() {
            return option.clone();
        }
        let (callback, key) = self.resolver(cx, "callback");
        let unknown = |cx: &mut Cx<'_, '_>| cx.unknown(HoleReason::Parameter("request".into()));
        let (request, file) = (unknown(cx), unknown(cx));
        // `(req, file, callback)`, or `(req, callback)` for the bucket: whichever is called counts.
        cx.call(&functions, &Args::of(vec![request, file, callback]));
        self.resolved(cx, &key)
    }

    /// `transport.sendMail({ from, to })` sends a raw message from the address that it names.
    pub(super) fn mail_method(
        &self,
        cx: &mut Cx<'_, '_>,
        mail: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Value {
        if name != "sendMail" {
            return whole(mail);
        }
        let message = args.at(0).cloned().unwrap_or_default();
        let source = entry(cx, &message, "from");
        let client = mail.field("client").cloned().unwrap_or_default();
        let service = client.single().and_then(|client| match client {
            Atom::Library(client) => Some(client.name.clone()),
            _ => None,
        });
        match service.as_deref() {
            Some("sesv2") => {
                let params = dict_of(&[("FromEmailAddress", Some(&source))]).into();
                self.shared.perform_named(cx, "sesv2", "SendEmail", params);
            }
            _ => {
                let params = dict_of(&[("Source", Some(&source))]).into();
                self.shared.perform_named(cx, "ses", "SendRawEmail", params);
            }
        }
        call_back(cx, &args.skip(1));
        cx.unknown(HoleReason::Result("sendMail".into()))
    }
}
