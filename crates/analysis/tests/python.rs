//! The interpreter on Python: sources in, calls out.
#![allow(missing_docs, reason = "tests say in their names what holds")]

mod common;
use common::{analyses, calls, python};

#[track_caller]
fn check(source: &str, expected: &[&str]) {
    assert_eq!(python(source), expected);
}

#[test]
fn a_function_is_evaluated_with_what_its_callers_pass() {
    check(
        "
import sdk
db = sdk.client('db')
def save(table, item=None):
    db.put(table)
def handler(event, context):
    save('orders')
    save(table='users')
",
        &["db.put(orders)", "db.put(users)"],
    );
}

#[test]
fn a_function_that_nothing_calls_gets_unknown_arguments() {
    check(
        "import sdk\ndef handler(event, context):\n    sdk.client('db').put(event['table'])\n",
        &["db.put(*)"],
    );
}

#[test]
fn only_what_reads_a_grown_variable_is_evaluated_again() {
    let mut source = "
import sdk
state = None
def setup(name):
    global state
    state = name
def save():
    sdk.client('db').put(state)
save()
setup('orders')
"
    .to_owned();
    for number in 0..10 {
        source.push_str(&format!("def other{number}(event):\n    sdk.client('db').get('{number}')\n"));
    }
    let analyses = analyses(&[("app.py", &source)], &[], true);
    assert!(python(&source).contains(&"db.put(null|orders)".to_owned()));
    // The module, both functions and the others once, and `save` once more.
    assert_eq!(analyses[0].evaluations, 14);
    // What is not evaluated again counts all the same.
    assert_eq!(analyses[0].calls.len(), 11);
}

#[test]
fn branches_join_and_known_conditions_decide() {
    check(
        "
import sdk
def get(kind):
    if kind == 'a':
        return 'left'
    else:
        return 'right'
sdk.client('db').put(get('a'))
def handler(event):
    sdk.client('db').get(get(event))
",
        &["db.get(left|right)", "db.put(left)"],
    );
}

#[test]
fn a_loop_over_a_constant_list_gives_each_element() {
    check(
        "
import sdk
for name, key in [('a', '1'), ('b', '2')]:
    sdk.client('db').put(name, key)
",
        &["db.put(a, 1)", "db.put(b, 2)"],
    );
}

#[test]
fn a_pagination_loop_is_followed_to_the_second_page() {
    check(
        "
import sdk
db = sdk.client('db')
def handler(event):
    kwargs = {'Table': 't'}
    while True:
        page = db.scan(**kwargs)
        token = page.get('Next')
        if not token:
            break
        kwargs['Start'] = token
",
        &["db.scan(Table=t)", "db.scan(Table=t, Start=*)"],
    );
}

#[test]
fn keyword_dictionaries_built_step_by_step_are_known() {
    check(
        "
import sdk
def handler(event):
    params = {'Table': 't'}
    params['Index'] = 'i'
    if event:
        params['Filter'] = 'f'
    params.update({'Limit': 'l'})
    sdk.client('db').query(**params)
",
        &["db.query(Table=t, Index=i, Filter=f, Limit=l)", "db.query(Table=t, Index=i, Limit=l)"],
    );
}

#[test]
fn a_lazy_global_client_is_found() {
    check(
        "
import sdk
_client = None
def client():
    global _client
    if _client is None:
        _client = sdk.client('db')
    return _client
def handler(event):
    client().put('t')
",
        &["db.put(t)"],
    );
}

#[test]
fn a_cache_of_clients_is_found() {
    check(
        "
import sdk
CLIENTS = {}
def client(name):
    if name not in CLIENTS:
        CLIENTS[name] = sdk.client(name)
    return CLIENTS[name]
def handler(event):
    client('a').put('x')
    client('b').get('y')
",
        &["a.put(x)", "b.get(y)"],
    );
}

#[test]
fn instances_keep_their_fields_apart() {
    check(
        "
import sdk
class Repo:
    def __init__(self, table, db=None):
        self.table = table
        self.db = db or sdk.client('db')
    def save(self, key):
        self.db.put(self.table, key)
orders = Repo('orders')
users = Repo('users')
def handler(event):
    orders.save('o')
    users.save('u')
",
        &["db.put(orders, o)", "db.put(users, u)"],
    );
}

#[test]
fn methods_are_inherited_and_super_reaches_the_base() {
    check(
        "
import sdk
class Base:
    TABLE = 'base'
    def __init__(self):
        self.db = sdk.client('db')
    def save(self):
        self.db.put(self.TABLE)
class Orders(Base):
    TABLE = 'orders'
    def __init__(self):
        super().__init__()
        self.extra = 'x'
    def save(self):
        super().save()
        self.db.get(self.extra)
Orders().save()
",
        &["db.get(x)", "db.put(orders)"],
    );
}

#[test]
fn closures_and_decorators_of_the_project_are_followed() {
    check(
        "
import sdk
def with_client(name):
    client = sdk.client(name)
    def decorate(function):
        def wrapper(*args, **kwargs):
            return function(client, *args, **kwargs)
        return wrapper
    return decorate
@with_client('db')
def save(client, table):
    client.put(table)
def handler(event):
    save('orders')
",
        // The wrapper is reached by the call alone, so its arguments are known.
        &["db.put(orders)"],
    );
}

#[test]
fn a_callback_given_to_foreign_code_is_called() {
    check(
        "
import sdk, pool
def work(x):
    sdk.client('db').put('t')
def handler(event):
    pool.submit(work, event)
",
        &["db.put(t)"],
    );
}

#[test]
fn recursion_ends_and_keeps_its_calls() {
    check(
        "
import sdk
db = sdk.client('db')
def even(n):
    db.get('even')
    return odd(n)
def odd(n):
    db.get('odd')
    return even(n)
even(3)
",
        &["db.get(even)", "db.get(odd)"],
    );
}

#[test]
fn a_recursive_result_is_the_join_of_its_turns() {
    check(
        "
import sdk
def name(n):
    if n:
        return 'leaf'
    return name(n)
def handler(event):
    sdk.client('db').put(name(event))
",
        &["db.put(leaf)"],
    );
}

#[test]
fn a_changed_argument_is_seen_by_the_caller() {
    check(
        "
import sdk
def add_index(params):
    params['Index'] = 'i'
def handler(event):
    params = {'Table': 't'}
    add_index(params)
    sdk.client('db').query(**params)
",
        &["db.query(Table=t, Index=i)"],
    );
}

#[test]
fn exceptions_keep_both_ways() {
    check(
        "
import sdk
db = sdk.client('db')
def handler(event):
    table = 'a'
    try:
        table = 'b'
        db.put(table)
    except ValueError:
        db.get(table)
        raise
    finally:
        db.close(table)
",
        &["db.close(a|b)", "db.close(b)", "db.get(a|b)", "db.put(b)"],
    );
}

#[test]
fn generators_and_context_managers_hand_on_their_values() {
    check(
        "
import sdk
from contextlib import contextmanager
@contextmanager
def client():
    yield sdk.client('db')
def names():
    yield 'a'
    yield 'b'
def handler(event):
    with client() as db:
        for name in names():
            db.put(name)
",
        &["db.put(a|b)"],
    );
}

#[test]
fn stated_types_say_what_unknown_arguments_are() {
    check("import sdk\ndef save(client: sdk.Client, key):\n    client.put(key)\n", &["typed.put(*)"]);
}

#[test]
fn dataclass_fields_take_arguments_by_name_and_position() {
    check(
        "
import sdk
from dataclasses import dataclass
@dataclass
class Config:
    table: str
    bucket: str = 'b'
c = Config('t', bucket='x')
sdk.client('db').put(c.table, c.bucket)
",
        &["db.put(t, x)"],
    );
}

#[test]
fn local_names_shadow_the_library() {
    check(
        "
class Sdk:
    def client(self, name):
        return self
    def put(self, x):
        pass
sdk = Sdk()
sdk.client('db').put('t')
",
        &[],
    );
}

#[test]
fn a_name_that_is_bound_again_means_the_last_one() {
    check(
        "
import sdk
class sdk:
    @staticmethod
    def client(name):
        return None
def handler(event):
    sdk.client('db').put('t')
",
        &[],
    );
    check(
        "
import sdk
NAME = 'a'
def early():
    sdk.client('db').put(NAME)
early()
NAME = 'b'
def late():
    sdk.client('db').get(NAME)
",
        &["db.get(a|b)", "db.put(a|b)"],
    );
}

#[test]
fn modules_are_followed_through_packages_and_star_imports() {
    let found = calls(
        &[
            (
                "src/app.py",
                "from store import save\nfrom .names import *\ndef handler(event):\n    save(TABLE)\n",
            ),
            ("src/names.py", "TABLE = 'orders'\n"),
            ("src/store/__init__.py", "from .db import save as save\n"),
            (
                "src/store/db.py",
                "import sdk\nfrom . import config\ndb = sdk.client(config.NAME)\ndef save(t):\n    db.put(t)\n",
            ),
            ("src/store/config.py", "NAME = 'db'\n"),
        ],
        &[],
    );
    assert_eq!(found, ["db.put(orders)"]);
}

#[test]
fn cyclic_imports_end() {
    let found = calls(
        &[
            ("a.py", "import b\nimport sdk\nNAME = 'n'\ndef f():\n    sdk.client('a').put(b.NAME)\n"),
            ("b.py", "import a\nNAME = 'm'\ndef g():\n    a.f()\n"),
        ],
        &[],
    );
    assert_eq!(found, ["a.put(m)"]);
}

#[test]
fn an_entry_point_reaches_only_what_it_calls() {
    let source = "
import sdk
db = sdk.client('db')
def a(event):
    db.get('a')
def b(event):
    db.get('b')
";
    assert_eq!(calls(&[("app.py", source)], &["app.py:a"]), ["db.get(a)"]);
}

#[test]
fn many_different_arguments_end_in_one_shared_evaluation() {
    let calls_of_save: String = (0..200).map(|n| format!("save('t{n}')\n")).collect();
    let source = format!("import sdk\ndb = sdk.client('db')\ndef save(t):\n    db.put(t)\n{calls_of_save}");
    let found = python(&source);
    assert!(found.iter().any(|call| call.contains('*')), "the shared evaluation has widened: {found:?}");
    assert!(found.len() < 128, "{found:?}");
}

#[test]
fn comprehensions_and_lambdas_are_evaluated() {
    check(
        "
import sdk
db = sdk.client('db')
names = [n + '-x' for n in ['a', 'b']]
for n in names:
    (lambda k: db.put(k))(n)
",
        &["db.put(a-x)", "db.put(b-x)"],
    );
}

#[test]
fn a_dispatch_table_calls_each_of_its_functions() {
    check(
        "
import sdk
db = sdk.client('db')
def create(k):
    db.put(k)
def remove(k):
    db.delete(k)
def handler(event):
    {'create': create, 'remove': remove}[event['op']]('k')
",
        &["db.delete(k)", "db.put(k)"],
    );
}
