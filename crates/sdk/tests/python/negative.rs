//! What looks like a call of an SDK and is none.

use crate::harness::{assert_calls, project};

#[test]
fn other_libraries_have_the_same_method_names() {
    for body in [
        "import redis\nredis.Redis().get_object(Bucket='b', Key='k')",
        "from pymongo import MongoClient\nMongoClient().db.orders.put_item(TableName='t', Item={})",
        "from google.cloud import storage\nstorage.Client().list_buckets()",
        "from unittest.mock import MagicMock, patch\nMagicMock().put_object(Bucket='b', Key='k')",
        "import unittest.mock\nunittest.mock.Mock(name='s3').client.put_object(Bucket='b', Key='k')",
        "import sqlalchemy.orm\nsqlalchemy.orm.Session().query(Table='x')",
        "import requests\nrequests.get('https://x').json().get_item(TableName='t', Key={})",
        "import json\njson.load(open('f')).list_buckets",
        "dir(s3.delete_object), type(s3.delete_object), repr(s3.delete_object)",
        "import logging\nlogging.getLogger().put_events(Entries=[])",
    ] {
        let source = format!("import boto3\ns3 = boto3.client('s3')\n{body}\n");
        assert_calls(&source, &[]);
    }
}

#[test]
fn a_class_of_the_project_is_not_a_table() {
    assert_calls(
        r"
import boto3
dynamodb = boto3.resource('dynamodb')
class Store:
    def put_item(self, Item):
        self.items = [Item]
Store().put_item(Item={'id': 1})
",
        &[],
    );
}

#[test]
fn annotations_of_other_libraries_are_foreign() {
    assert_calls(
        "from redis import Redis\ndef f(client: Redis):\n    client.put_object(Bucket='b', Key='k')\n",
        &[],
    );
}

#[test]
fn generic_names_are_never_likely() {
    assert_calls(
        r"
def f(x, y):
    x.get('a')
    x.list()
    x.close()
    x.query(y)
    x.publish(y)
    x.update(name=y)
    x.send_message('text')
    x.get_object()
    x.delete_object(bucket='b', key='k')
",
        &[],
    );
}

#[test]
fn likely_calls_fit_an_operation_by_all_names() {
    assert_calls(
        r"
def f(client, table, s3):
    client.put_object(Bucket='b', Key='k', Body='x')
    table.update_item(Key={}, UpdateExpression='x')
    s3.list_buckets()
    s3.upload_file('/tmp/x', 'b', 'k')
    for page in client.get_paginator('list_objects_v2').paginate(Bucket='b'):
        print(page)
",
        &[
            "~dynamodb:UpdateItem(Key={}, TableName=?, UpdateExpression=x)",
            "~s3:ListBuckets()",
            "~s3:ListObjectsV2(Bucket=b)",
            "~s3:PutObject(Body=x, Bucket=b, Key=k)",
            "~s3:PutObject(Bucket=b, Key=k)",
            "~s3:AbortMultipartUpload(Bucket=b, Key=k, UploadId=?)",
        ],
    );
}

#[test]
fn shadowed_names_are_what_the_file_binds() {
    let source = r"
class boto3:
    @staticmethod
    def client(name):
        return object()
def open(path): return path
boto3.client('s3').put_object(Bucket='b', Key='k')
";
    let found = project(&[("app.py", source)], &[]);
    assert!(found.services.is_empty() && found.calls.is_empty(), "{:?}", found.calls);
}

#[test]
fn a_project_file_does_not_shadow_the_standard_library_from_afar() {
    let files = [
        ("pkg/os.py", "environ = {'KEY': 'wrong'}\n"),
        ("app.py", "import os, boto3\nboto3.client('s3').delete_object(Bucket='b', Key=os.environ['KEY'])\n"),
    ];
    assert_eq!(project(&files, &[]).calls, ["s3:DeleteObject(Bucket=b, Key={$KEY})"]);
}
