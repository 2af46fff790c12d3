//! Calls on receivers of which nothing is known. Names alone decide: the method is an operation, every
//! argument is passed by the name of one of its input members, and every member that the service
//! insists on is there. What is not that telling (`list()`, `get(key)`, `close()`) never qualifies.

use perm_infer_analysis::{Args, Cx, Dict, HoleReason, Text, Value};
use perm_infer_catalog::{Operation, ParamSource, ResourceAction};

use super::{Python, kind};
use crate::shared::{dict_keys, dict_of, entry, known_strings, named_args};

/// Transfer methods by their positional arguments: where bucket and key are.
const TRANSFERS: &[(&str, usize, usize, &str)] = &[
    ("upload_file", 1, 2, "PutObject"),
    ("upload_fileobj", 1, 2, "PutObject"),
    ("download_file", 0, 1, "GetObject"),
    ("download_fileobj", 0, 1, "GetObject"),
];

impl Python<'_> {
    /// `session.client("s3")` on something of which nothing is known: what makes a client by the name of a
    /// service makes one of the SDK.
    pub(crate) fn likely_client(&self, cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Option<Value> {
        if !matches!(name, "client" | "resource" | "create_client") {
            return None;
        }
        let service = args.get(0, "service_name")?.to_str()?;
        let service = self.shared.catalog.service(&service)?;
        if name == "resource" {
            service.resource_model()?;
            return Some(self.make_resource(cx, args));
        }
        Some(self.make_client(cx, args))
    }

    /// `something.name(args)`; nothing when it cannot be an SDK call.
    pub(crate) fn likely_call(&self, cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Option<Value> {
        match name {
            "get_paginator" => return likely_paginator(args),
            "generate_presigned_url" => return self.likely_signing(cx, args),
            "batch_writer" => return Some(self.likely_batch(cx)),
            _ => {}
        }
        if let Some(result) = self.likely_transfer(cx, name, args) {
            return Some(result);
        }
        if !args.positional.is_empty() || args.rest.is_some() || !args.complete {
            return None;
        }
        let telling = !args.named.is_empty() || name.contains('_');
        if !telling {
            return None;
        }
        let given = named_args(args);
        let params: Value = given.clone().into();
        let candidates = || self.shared.catalog.operations_for_method(name);
        let by_client = self.shared.perform_likely(cx, candidates(), &params);
        let by_resource = !args.named.is_empty() && self.likely_on_resource(cx, candidates(), name, &given);
        (by_client || by_resource).then(|| cx.unknown(HoleReason::Result(name.into())))
    }

    /// `table.put_item(Item=...)`: a method of a resource object, whose identifiers are the members that
    /// are missing.
    fn likely_on_resource(
        &self,
        cx: &mut Cx<'_, '_>,
        candidates: impl Iterator<Item = Operation>,
        name: &str,
        given: &Dict,
    ) -> bool {
        let mut found = false;
        for operation in candidates {
            let service = operation.service();
            let Some(root) = service.resource_model() else { continue };
            let kinds = root.has().iter().filter_map(|has| service.resource(has.resource.kind));
            for model in kinds {
                if let Some(action) = model.action(name).filter(|action| action.operation == operation) {
                    let params = with_identifiers(cx, action, given);
                    found |= self.shared.perform_likely(cx, std::iter::once(operation), &params.into());
                }
            }
        }
        found
    }

    /// `s3.upload_file(path, bucket, key)`, or `bucket.upload_file(path, key)` where the bucket is what
    /// nothing is known of.
    fn likely_transfer(&self, cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Option<Value> {
        let (_, bucket, key, operation) = TRANSFERS.iter().find(|(own, ..)| *own == name)?;
        let of_bucket = args.complete && args.positional.len() == 2 && args.named("Bucket").is_none();
        let of_bucket = of_bucket && args.named("Key").is_none();
        let (bucket, key) = if of_bucket {
            let of_client = *bucket;
            // The key is where a client takes the bucket.
            (cx.unknown(HoleReason::Computed), args.positional.get(of_client)?.clone())
        } else {
            let bucket = args.named("Bucket").or_else(|| args.positional.get(*bucket))?;
            let key = args.named("Key").or_else(|| args.positional.get(*key))?;
            if args.positional.len() + args.named.len() < 3 {
                return None;
            }
            (bucket.clone(), key.clone())
        };
        let (bucket, key) = (&bucket, &key);
        let service = self.shared.catalog.service("s3")?;
        let params: Value = dict_of(&[("Bucket", Some(bucket)), ("Key", Some(key))]).into();
        let unknown = cx.unknown(HoleReason::Computed);
        let upload = dict_of(&[("Bucket", Some(bucket)), ("Key", Some(key)), ("UploadId", Some(&unknown))]);
        self.shared.perform_likely(cx, service.operation(operation).into_iter(), &params);
        if *operation == "PutObject" {
            self.shared.perform_likely(
                cx,
                service.operation("AbortMultipartUpload").into_iter(),
                &upload.into(),
            );
        }
        Some(cx.unknown(HoleReason::Result(name.into())))
    }

    /// `table.batch_writer()`: only tables have such a thing.
    fn likely_batch(&self, cx: &mut Cx<'_, '_>) -> Value {
        let unknown = cx.unknown(HoleReason::Computed);
        let requests = Dict::new(Vec::new(), Some(Value::list_of(unknown.clone()))).into();
        let service = self.shared.catalog.service("dynamodb");
        let operation = service.and_then(|service| service.operation("BatchWriteItem"));
        let params: Value = dict_of(&[("RequestItems", Some(&requests))]).into();
        self.shared.perform_likely(cx, operation.into_iter(), &params);
        Value::library(kind::BATCH_WRITER, "batch_writer", vec![("table", unknown)])
    }

    fn likely_signing(&self, cx: &mut Cx<'_, '_>, args: &Args) -> Option<Value> {
        let params = args.get(1, "Params")?.clone();
        dict_keys(&params)?;
        let (names, _) = known_strings(args.get(0, "ClientMethod")?);
        let mut found = false;
        for name in names {
            let candidates = self.shared.catalog.operations_for_method(&name);
            found |= self.shared.perform_likely(cx, candidates, &params);
        }
        found.then(|| cx.unknown(HoleReason::Result("generate_presigned_url".into())))
    }
}

fn likely_paginator(args: &Args) -> Option<Value> {
    let (names, _) = known_strings(args.get(0, "operation_name")?);
    let mut result = Value::bottom();
    for name in &names {
        result.join(&Value::library(kind::LIKELY_PAGINATOR, name, Vec::new()));
    }
    (!names.is_empty()).then_some(result)
}

fn with_identifiers(cx: &Cx<'_, '_>, action: &ResourceAction, given: &Dict) -> Dict {
    let mut params = given.clone();
    for param in &action.params {
        let simple = !param.target.contains(['.', '[']);
        let missing = entry(cx, &params.clone().into(), param.target).is_bottom();
        if simple && missing && matches!(param.source, ParamSource::Identifier(_)) {
            let unknown = cx.unknown(HoleReason::Computed);
            params.set(Text::literal(param.target, None), unknown);
        }
    }
    params
}
