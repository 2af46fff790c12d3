//! What SDK libraries mean: boto3, botocore, aws-sdk v2, @aws-sdk v3.
//!
//! [`Models`] answers the analysis about everything outside of the project: the language's builtins,
//! its standard library as far as names and control flow depend on it, and the SDKs. Each language has
//! a module tree of its own; `shared` holds what does not depend on the language. Operations are
//! reported in the terms of the catalogue: the boto3 name of the service and the operation's name in
//! the service's model (`dynamodb`, `PutItem`), so that no later stage knows method names.
//!
//! Three kinds of [`Effect`](perm_infer_analysis::Effect) leave this crate:
//!
//! - a call of a known client: certain;
//! - a call that fits an operation by its names alone: not certain, one effect for each service that
//!   has the operation; it counts only when the project uses the service, or when no other service has
//!   such an operation and the file imports the SDK;
//! - a client or resource being made: an empty operation name, no parameters; it says that the project
//!   uses the service.

pub mod constructs;
mod javascript;
mod python;
mod shared;

use perm_infer_analysis::{Args, Atom, Cx, Library, Outcome, Protocol, Value};
use perm_infer_catalog::Catalog;
use perm_infer_facts::BinaryOp;

pub use shared::{Environment, EnvironmentPart, StatedVariable};
use shared::{as_principal, tagged};

/// The library models of all languages.
pub struct Models<'a> {
    python: python::Python<'a>,
    javascript: javascript::Javascript<'a>,
}

impl<'a> Models<'a> {
    /// Models over this catalogue; environment variables that the code reads are looked up in
    /// `environment`.
    #[must_use]
    pub fn new(catalog: Catalog, environment: &'a dyn Environment) -> Self {
        let shared = shared::Shared { catalog, environment };
        Models { python: python::Python { shared }, javascript: javascript::Javascript { shared } }
    }

    fn of(&self, dialect: &str) -> &dyn Library {
        match dialect {
            "python" => &self.python,
            _ => &self.javascript,
        }
    }
}

/// Byte strings of which every file contains one that names an SDK or a library which wraps one.
#[must_use]
pub fn seed_patterns() -> &'static [&'static str] {
    &[
        // Python. `boto3` also covers `aioboto3`, `mypy_boto3_*` and `types_boto3_*`.
        "boto3",
        "botocore",
        "aws_lambda_powertools",
        "aws_xray_sdk",
        "pynamodb",
        "awswrangler",
        "cloudaux",
        "aws_assume_role_lib",
        "requests_aws4auth",
        "aws_requests_auth",
        "s3fs",
        "pyarrow",
        "s3://",
        "smart_open",
        // JavaScript and TypeScript.
        "aws-sdk",
        "@aws-appsync/utils",
        "aws-lambda-powertools",
        "aws-xray-sdk",
        "dynamoose",
        "electrodb",
        "dynamodb-toolbox",
        "dynamodb-onetable",
        "sqs-consumer",
        "sqs-producer",
        "multer-s3",
        "@middy/",
        "@aws-crypto/",
        "sst/aws/",
        "aws4",
        "signature-v4",
        "opensearch/aws",
        "aws-appsync",
    ]
}

/// Whether a module, as imported, is one of an SDK's own or of the types of one.
#[must_use]
pub fn is_sdk_module(specifier: &str) -> bool {
    python::is_sdk_module(specifier) || javascript::is_sdk_module(specifier)
}

fn tagged_outcome(outcome: Outcome, principal: &Value) -> Outcome {
    let Outcome { result, object } = outcome;
    Outcome { result: tagged(&result, principal), object: object.map(|object| tagged(&object, principal)) }
}

/// Every question goes to the model of the language that asks, on behalf of whom the value acts for.
impl Library for Models<'_> {
    fn owns_module(&self, dialect: &str, specifier: &str) -> bool {
        self.of(dialect).owns_module(dialect, specifier)
    }

    fn global(&self, cx: &mut Cx<'_, '_>, name: &str) -> Option<Value> {
        self.of(cx.dialect()).global(cx, name)
    }

    fn attribute(&self, cx: &mut Cx<'_, '_>, object: &Atom, name: &str) -> Option<Value> {
        let library = self.of(cx.dialect());
        as_principal(cx, object, |cx| library.attribute(cx, object, name), |value, role| tagged(&value, role))
    }

    fn index(&self, cx: &mut Cx<'_, '_>, object: &Atom, index: &Value) -> Option<Value> {
        let library = self.of(cx.dialect());
        as_principal(cx, object, |cx| library.index(cx, object, index), |value, role| tagged(&value, role))
    }

    fn element(&self, cx: &mut Cx<'_, '_>, object: &Atom) -> Option<Value> {
        let library = self.of(cx.dialect());
        as_principal(cx, object, |cx| library.element(cx, object), |value, role| tagged(&value, role))
    }

    fn enter(&self, cx: &mut Cx<'_, '_>, object: &Atom) -> Option<Value> {
        let library = self.of(cx.dialect());
        as_principal(cx, object, |cx| library.enter(cx, object), |value, role| tagged(&value, role))
    }

    fn awaited(&self, cx: &mut Cx<'_, '_>, object: &Atom) -> Option<Value> {
        let library = self.of(cx.dialect());
        as_principal(cx, object, |cx| library.awaited(cx, object), |value, role| tagged(&value, role))
    }

    fn call(&self, cx: &mut Cx<'_, '_>, callee: &Atom, args: &Args) -> Option<Value> {
        let library = self.of(cx.dialect());
        as_principal(cx, callee, |cx| library.call(cx, callee, args), |value, role| tagged(&value, role))
    }

    fn method(&self, cx: &mut Cx<'_, '_>, object: &Atom, name: &str, args: &Args) -> Option<Outcome> {
        let library = self.of(cx.dialect());
        as_principal(cx, object, |cx| library.method(cx, object, name, args), tagged_outcome)
    }

    fn unknown_method(&self, cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Option<Value> {
        self.of(cx.dialect()).unknown_method(cx, name, args)
    }

    fn lacks(&self, dialect: &str, object: &Atom, name: &str) -> bool {
        self.of(dialect).lacks(dialect, object, name)
    }

    fn assign(&self, cx: &mut Cx<'_, '_>, object: &Atom, name: &str, value: &Value) -> Option<Value> {
        self.of(cx.dialect()).assign(cx, object, name, value)
    }

    fn typed(&self, cx: &mut Cx<'_, '_>, ty: &Atom) -> Option<Value> {
        self.of(cx.dialect()).typed(cx, ty)
    }

    fn binary(&self, cx: &mut Cx<'_, '_>, op: BinaryOp, left: &Atom, right: &Value) -> Option<Value> {
        self.of(cx.dialect()).binary(cx, op, left, right)
    }

    fn inherited_default(
        &self,
        cx: &mut Cx<'_, '_>,
        base: &Atom,
        instance: &Atom,
        name: &str,
        default: &Value,
    ) -> Option<Value> {
        self.of(cx.dialect()).inherited_default(cx, base, instance, name, default)
    }

    fn inherited(&self, cx: &mut Cx<'_, '_>, base: &Atom, instance: &Atom, name: &str) -> Option<Value> {
        let library = self.of(cx.dialect());
        as_principal(
            cx,
            base,
            |cx| library.inherited(cx, base, instance, name),
            |value, role| tagged(&value, role),
        )
    }

    /// No name of one language's libraries is one that registers in another's.
    fn wraps(&self, method: &str) -> bool {
        self.python.wraps(method) || self.javascript.wraps(method)
    }

    fn is_entry(&self, name: &str, params: &[Option<&str>]) -> bool {
        shared::is_handler(name, params)
    }

    fn entered(&self, cx: &mut Cx<'_, '_>, function: &Atom) -> Option<Args> {
        self.of(cx.dialect()).entered(cx, function)
    }

    fn entry_names(&self) -> &'static [&'static str] {
        shared::HANDLERS
    }

    fn subclassed(&self, cx: &mut Cx<'_, '_>, base: &Atom, class: &Atom) {
        self.of(cx.dialect()).subclassed(cx, base, class);
    }

    /// No language's names can be mistaken for those of another one, so all are looked for.
    fn protocol(&self, protocol: Protocol) -> &'static [&'static str] {
        match protocol {
            Protocol::Call => &["__call__"],
            Protocol::Enter => &["__enter__", "__aenter__"],
            Protocol::Iterate => &["__iter__", "__aiter__", "[Symbol.iterator]", "[Symbol.asyncIterator]"],
            Protocol::Index => &["__getitem__"],
            Protocol::Attribute => &["__getattr__"],
            Protocol::New => &["__new__"],
            Protocol::Made => &["__post_init__", "__attrs_post_init__", "model_post_init"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::seed_patterns;

    #[test]
    fn every_way_to_name_an_sdk_contains_a_seed() {
        for name in [
            "import boto3",
            "from botocore.config import Config",
            "import aioboto3",
            "from aiobotocore.session import get_session",
            "from mypy_boto3_s3 import S3Client",
            "from types_boto3_s3 import S3Client",
            "from aws_lambda_powertools.utilities import parameters",
            "from pynamodb.models import Model",
            "const AWS = require('aws-sdk');",
            "import S3 from 'aws-sdk/clients/s3';",
            "import { S3Client } from '@aws-sdk/client-s3';",
            "import { Upload } from \"@aws-sdk/lib-storage\";",
            "import { getParameter } from '@aws-lambda-powertools/parameters/ssm';",
            "import * as dynamoose from 'dynamoose';",
            "import { Entity } from 'electrodb';",
            "import { Table } from 'dynamodb-toolbox/table';",
            "const { Table } = require('dynamodb-onetable');",
            "import { Consumer } from 'sqs-consumer';",
            "import { Producer } from 'sqs-producer';",
            "import multerS3 from 'multer-s3';",
            "import ssm from '@middy/ssm';",
            "const { KmsKeyringNode } = require('@aws-crypto/client-node');",
            "import { bus } from 'sst/aws/bus';",
            "const aws4 = require('aws4');",
            "import { SignatureV4 } from '@smithy/signature-v4';",
            "import AWSAppSyncClient, { AUTH_TYPE } from 'aws-appsync';",
            "import { AwsSigv4Signer } from '@opensearch-project/opensearch/aws';",
        ] {
            assert!(seed_patterns().iter().any(|seed| name.contains(seed)), "{name}");
        }
    }
}
