//! The interpreter on JavaScript and TypeScript: sources in, calls out.
#![allow(missing_docs, reason = "tests say in their names what holds")]

mod common;
use common::{calls, javascript};

#[track_caller]
fn check(source: &str, expected: &[&str]) {
    assert_eq!(javascript(source), expected);
}

#[test]
fn exported_arrow_functions_are_entry_points() {
    check(
        "
import { client } from 'sdk';
const db = client('db');
export const handler = async (event) => {
  await save('orders', event.id);
};
const save = (table, id) => db.put(table, id);
",
        &["db.put(orders, *)"],
    );
}

#[test]
fn destructuring_with_defaults_and_renames() {
    check(
        "
const { client } = require('sdk');
const { table: name = 'fallback', ...rest } = { index: 'i' };
const [first, , third = 'c'] = ['a', 'b'];
client('db').put(name, rest.index, first, third);
",
        &["db.put(fallback, i, a, c)"],
    );
}

#[test]
fn classes_with_fields_getters_and_inheritance() {
    check(
        "
import { client } from 'sdk';
class Base {
  db = client('db');
  get table() { return this.prefix + '-table'; }
  save(id) { return this.db.put(this.table, id); }
}
class Orders extends Base {
  constructor(prefix) { super(); this.prefix = prefix; }
  static create() { return new Orders('orders'); }
}
Orders.create().save('1');
",
        &["db.put(orders-table, 1)"],
    );
}

#[test]
fn objects_spread_and_are_filled_step_by_step() {
    check(
        "
import { client } from 'sdk';
export function handler(event) {
  const params = { Table: 't' };
  params.Index = 'i';
  if (event.limit) { params.Limit = 'l'; }
  client('db').query({ ...params, Last: true });
}
",
        &["db.query({Table: t, Index: i, Last: true}|{Table: t, Index: i, Limit: l, Last: true})"],
    );
}

#[test]
fn switch_and_ternaries_keep_every_branch() {
    check(
        "
import { client } from 'sdk';
function pick(kind) {
  switch (kind) {
    case 'a': return 'x';
    case 'b':
    case 'c': return 'y';
    default: return kind ? 'z' : 'w';
  }
}
const db = client('db');
db.put(pick('a'), pick('c'));
export function handler(event) { db.get(pick(event)); }
",
        &["db.get(w|x|y|z)", "db.put(x, y)"],
    );
}

#[test]
fn modules_in_commonjs_and_through_barrels() {
    let found = calls(
        &[
            (
                "src/app.js",
                "const { save } = require('./store');\nconst cfg = require('./config');\nexports.handler = () => save(cfg.table);\n",
            ),
            ("src/store/index.js", "export * from './db.js';\n"),
            (
                "src/store/db.js",
                "import { client } from 'sdk';\nconst db = client('db');\nexport function save(t) { db.put(t); }\n",
            ),
            ("src/config.js", "module.exports = { table: 'orders' };\n"),
        ],
        &[],
    );
    assert_eq!(found, ["db.put(orders)"]);
}

#[test]
fn a_default_export_and_a_renamed_import() {
    let found = calls(
        &[
            ("app.ts", "import make, { TABLE as name } from './db';\nmake().put(name);\n"),
            (
                "db.ts",
                "import { client } from 'sdk';\nexport const TABLE = 'orders';\nexport default () => client('db');\n",
            ),
        ],
        &[],
    );
    assert_eq!(found, ["db.put(orders)"]);
}

#[test]
fn closures_share_the_variables_around_them() {
    let found = javascript(
        "
import { client } from 'sdk';
let cached;
const get = () => (cached ??= client('db'));
export const handler = async () => {
  const ops = [];
  ['a', 'b'].forEach((name) => ops.push({ Put: name }));
  get().transact(ops);
};
",
    );
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("db.transact(") && found[0].contains("[{Put: a|b}]"), "{found:?}");
}

#[test]
fn enums_and_parameter_properties_of_typescript() {
    let source = "
import { client, Client } from 'sdk';
enum Tables { Orders = 'orders' }
class Repo {
  constructor(private readonly db: Client, private table: string = Tables.Orders) {}
  save() { this.db.put(this.table); }
}
export const handler = () => new Repo(client('db')).save();
";
    assert_eq!(calls(&[("app.ts", source)], &[]), ["db.put(orders)"]);
}

#[test]
fn functions_as_constructors_with_prototypes() {
    check(
        "
var sdk = require('sdk');
function Store(table) { this.table = table; this.db = sdk.client('db'); }
Store.prototype.save = function (id) { this.db.put(this.table, id); };
new Store('orders').save('1');
",
        &["db.put(orders, 1)"],
    );
}

#[test]
fn closures_that_call_each_other_with_ever_longer_strings_end() {
    let calls = javascript(
        "
import { client } from 'sdk';
const db = client('db');
function copy(from, to, left) {
  const join = (a, b) => a + '/' + b;
  const one = (path) => (left ? copy(join(from, path), join(to, path), left) : db.put(to));
  const all = (paths, done) => paths.map((path) => (done ? one(path) : all([join(path, 'x')], path)));
  const retry = (path) => one(join(path, 'y')) || all([path, join(path, 'z')]) || retry(join(path, 'w'));
  return retry(from) && all([from, to]) && retry(to);
}
export const handler = () => copy('a', 'b', Math.random());
",
    );
    assert!(calls.iter().any(|call| call.starts_with("db.put(")), "{calls:?}");
}
