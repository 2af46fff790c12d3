//! The embedded table: its size, and how long finding a service, an operation and its requirements takes.
//! `cargo bench -p perm-infer-catalog`

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use divan::{Bencher, black_box};
use perm_infer_catalog::{
    Action, ArnContext, Catalog, Operation, Param, ParamMap, Presence, Service, TraceId, TracedPattern,
};
use perm_infer_policy::Pattern;

fn main() {
    println!("embedded table: {} bytes", Catalog::embedded().embedded_bytes());
    divan::main();
}

fn dynamodb() -> Option<Service> {
    Catalog::embedded().service("dynamodb")
}

fn put_item() -> Option<Operation> {
    dynamodb()?.operation("PutItem")
}

#[divan::bench]
fn service_by_name() -> Option<Service> {
    Catalog::embedded().service(black_box("dynamodb"))
}

#[divan::bench]
fn service_by_package() -> Option<Service> {
    Catalog::embedded().service_for_v3_package(black_box("@aws-sdk/client-dynamodb"))
}

#[divan::bench]
fn operation_by_name(bencher: Bencher<'_, '_>) {
    let service = dynamodb();
    bencher.bench(|| service.and_then(|service| service.operation(black_box("PutItem"))));
}

#[divan::bench]
fn operation_by_method(bencher: Bencher<'_, '_>) {
    let service = dynamodb();
    bencher.bench(|| service.and_then(|service| service.operation_for_method(black_box("put_item"))));
}

#[divan::bench]
fn action_by_name() -> Option<Action> {
    Action::find(black_box("dynamodb:PutItem"))
}

#[divan::bench]
fn requirements_of_a_call(bencher: Bencher<'_, '_>) {
    let traced = |text: &str| TracedPattern { pattern: Pattern::literal(text), trace: TraceId(0) };
    let entries = vec![(traced("TableName"), Presence::Always, Param::Text(vec![traced("orders")]))];
    let params = ParamMap { entries, open: false };
    let context = ArnContext::default();
    let operation = put_item();
    bencher.bench(|| operation.map(|operation| operation.requirements(black_box(&params), &context)));
}
