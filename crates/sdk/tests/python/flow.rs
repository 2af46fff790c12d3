//! Flow of control through the standard library and decorators.

use crate::harness::assert_calls;

const SETUP: &str = r"
import asyncio, boto3, concurrent.futures, contextlib, functools, multiprocessing, threading
from concurrent.futures import ThreadPoolExecutor, as_completed
s3 = boto3.client('s3')
def delete(key, bucket='b'):
    s3.delete_object(Bucket=bucket, Key=key)
";

#[track_caller]
fn assert_deletes(body: &str, keys: &[&str]) {
    let expected: Vec<String> =
        keys.iter().map(|key| format!("s3:DeleteObject(Bucket=b, Key={key})")).collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    assert_calls(&format!("{SETUP}{body}"), &expected);
}

#[test]
fn functions_run_where_they_are_handed_to() {
    for body in [
        "ThreadPoolExecutor().submit(delete, 'k')",
        "with ThreadPoolExecutor(max_workers=2) as pool:\n    pool.submit(delete, key='k')",
        "list(ThreadPoolExecutor().map(delete, ['k']))",
        "threading.Thread(target=delete, args=('k',)).start()",
        "threading.Thread(target=delete, kwargs={'key': 'k'}).start()",
        "threading.Timer(5, delete, ['k']).start()",
        "multiprocessing.Process(target=delete, args=('k',)).start()",
        "multiprocessing.Pool(2).map(delete, ['k'])",
        "multiprocessing.Pool(2).starmap(delete, [('k', 'b')])",
        "multiprocessing.Pool(2).apply_async(delete, ('k',))",
        "list(map(delete, ['k']))",
        "functools.partial(delete, 'k')()",
        "functools.partial(delete, bucket='b')('k')",
        "asyncio.run(asyncio.to_thread(delete, 'k'))",
        "asyncio.get_event_loop().run_in_executor(None, delete, 'k')",
    ] {
        assert_deletes(body, &["k"]);
    }
}

#[test]
fn results_come_back_from_pools_and_tasks() {
    assert_deletes(
        r"
def name(): return 'k'
future = ThreadPoolExecutor().submit(name)
delete(future.result())
",
        &["k"],
    );
    assert_deletes(
        r"
async def name(x): return x
async def main():
    first, second = await asyncio.gather(name('a'), name('b'))
    delete(first)
    delete(second)
    delete(await asyncio.wait_for(name('c'), 5))
asyncio.run(main())
",
        &["a", "b", "c"],
    );
}

#[test]
fn a_subclass_of_thread_runs_when_it_starts() {
    assert_deletes(
        r"
class Worker(threading.Thread):
    def __init__(self, key):
        super().__init__()
        self.key = key
    def run(self):
        delete(self.key)
Worker('k').start()
",
        &["k"],
    );
}

#[test]
fn decorators_of_libraries_are_transparent() {
    assert_deletes(
        r"
from aws_lambda_powertools import Tracer
from flask import Flask
from tenacity import retry, stop_after_attempt
tracer, app = Tracer(), Flask(__name__)
@tracer.capture_method
@retry(stop=stop_after_attempt(3))
def remove(key):
    delete(key)
@functools.lru_cache(maxsize=None)
def name(): return 'cached'
@app.route('/')
def index():
    remove('k')
    delete(name())
",
        &["k", "cached"],
    );
}

#[test]
fn decorators_of_the_project_are_followed() {
    assert_deletes(
        r"
def twice(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        function(*args, **kwargs)
        return function(*args, **kwargs)
    return wrapper
@twice
def remove(key):
    delete(key)
remove('k')
",
        &["k"],
    );
}

#[test]
fn generators_become_context_managers() {
    assert_calls(
        r"
import boto3
from contextlib import contextmanager, closing
@contextmanager
def client():
    yield boto3.client('s3')
with client() as s3:
    s3.delete_object(Bucket='b', Key='k')
with closing(boto3.client('s3')) as s3:
    s3.delete_object(Bucket='b', Key='l')
",
        &["s3:DeleteObject(Bucket=b, Key=k)", "s3:DeleteObject(Bucket=b, Key=l)"],
    );
}

#[test]
fn callbacks_of_foreign_libraries_are_reached() {
    assert_calls(
        r"
import boto3, schedule
s3 = boto3.client('s3')
def handler():
    schedule.every(10).run(lambda: s3.delete_object(Bucket='b', Key='k'), 1)
",
        &["s3:DeleteObject(Bucket=b, Key=k)"],
    );
}

#[test]
fn methods_of_clients_are_values() {
    for body in [
        "for name in ['delete_object']:\n    getattr(s3, name)(Bucket='b', Key='k')",
        "ThreadPoolExecutor().submit(s3.delete_object, Bucket='b', Key='k')",
        "remove = s3.delete_object\nremove(Bucket='b', Key='k')",
        "functools.partial(s3.delete_object, Bucket='b')(Key='k')",
        "{'delete': s3.delete_object}['delete'](Bucket='b', Key='k')",
    ] {
        let source = format!(
            "import boto3, functools\nfrom concurrent.futures import ThreadPoolExecutor\ns3 = boto3.client('s3')\n{body}\n"
        );
        assert_calls(&source, &["s3:DeleteObject(Bucket=b, Key=k)"]);
    }
}

#[test]
fn task_queues_call_the_function() {
    assert_deletes(
        r"
from celery import Celery
app = Celery('x')
@app.task
def remove(key): delete(key)
remove.delay('k')
remove.apply_async(args=['l'])
",
        &["k", "l"],
    );
}
