//! Threads, processes and asynchronous tasks: a function that is handed over runs with the arguments
//! that go with it.

use perm_infer_analysis::{Args, Atom, Cx, External, LibraryValue, List, Value};

use super::foreign::foreign;
use super::{Python, arguments, builtins, kind};

impl Python<'_> {
    /// Functions and classes of `asyncio`, `concurrent.futures`, `threading` and `multiprocessing`.
    pub(crate) fn call_concurrent(&self, cx: &mut Cx<'_, '_>, dotted: &str, args: &Args) -> Option<Value> {
        let first = args.positional.first();
        Some(match dotted {
            "asyncio.run"
            | "asyncio.create_task"
            | "asyncio.ensure_future"
            | "asyncio.wait_for"
            | "asyncio.shield"
            | "asyncio.run_coroutine_threadsafe" => coroutine(args)?,
            "asyncio.gather" => List::new(args.positional.clone(), args.rest.clone()).into(),
            "asyncio.wait" | "asyncio.as_completed" | "concurrent.futures.as_completed" => {
                Value::list_of(cx.element(first?))
            }
            "asyncio.to_thread"
            | "anyio.to_thread.run_sync"
            | "starlette.concurrency.run_in_threadpool"
            | "fastapi.concurrency.run_in_threadpool" => cx.call(first?, &args.skip(1)),
            "asyncio.get_event_loop" | "asyncio.get_running_loop" | "asyncio.new_event_loop" => executor(),
            "asyncio.TaskGroup" => executor(),
            "threading.Thread" | "multiprocessing.Process" | "threading.Timer" => {
                let target = match dotted {
                    "threading.Timer" => args.get(1, "function"),
                    _ => args.named("target").or_else(|| args.positional.get(1)),
                };
                let given = match dotted {
                    "threading.Timer" => (args.get(2, "args"), args.get(3, "kwargs")),
                    _ => (args.named("args"), args.named("kwargs")),
                };
                if let Some(target) = target {
                    cx.call(target, &arguments::from_values(given.0, given.1));
                }
                foreign(dotted)
            }
            // What a context makes is what the package itself makes.
            "multiprocessing.get_context" => Atom::External(External::new("multiprocessing", "")).into(),
            _ if is_pool(dotted) => {
                if let (Some(start), given) = (args.named("initializer"), args.named("initargs")) {
                    cx.call(start, &arguments::from_values(given, None));
                }
                executor()
            }
            _ => return None,
        })
    }

    /// Methods of pools, event loops and task groups.
    pub(crate) fn executor_method(&self, cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Option<Value> {
        let first = args.positional.first();
        Some(match name {
            "submit" | "call_soon" | "call_soon_threadsafe" | "apply_later" => {
                let result = cx.call(first?, &args.skip(1));
                future(result)
            }
            "run_in_executor" | "call_later" | "call_at" => {
                let result = cx.call(args.positional.get(1)?, &args.skip(2));
                future(result)
            }
            "apply" | "apply_async" => {
                let given = arguments::from_values(args.get(1, "args"), args.get(2, "kwds"));
                let result = cx.call(first?, &given);
                if name == "apply" { result } else { future(result) }
            }
            "map" | "imap" | "imap_unordered" => builtins::mapped(cx, args),
            "map_async" => {
                let results = builtins::mapped(cx, args);
                future(results)
            }
            "starmap" | "starmap_async" => {
                let tuples = builtins::list(cx, args.positional.get(1));
                let Some(Atom::List(tuples)) = tuples.single() else { return Some(Value::bottom()) };
                let function = first?;
                let mut each = |tuple: &Value| cx.call(function, &arguments::from_values(Some(tuple), None));
                let mut result = List::new(tuples.items.iter().map(&mut each).collect(), None);
                result.rest = tuples.rest.as_ref().map(each);
                let result = Value::from(result);
                if name == "starmap" { result } else { future(result) }
            }
            "create_task" | "run_until_complete" | "ensure_future" | "start_soon" => coroutine(args)?,
            "__enter__" | "__aenter__" => executor(),
            _ => {
                arguments::call_back(cx, args);
                foreign("executor")
            }
        })
    }

    /// Methods of a result that is there already.
    pub(crate) fn future_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Value {
        match name {
            "result" | "get" => value.field("result").cloned().unwrap_or_default(),
            "add_done_callback" => {
                if let Some(callback) = args.positional.first() {
                    let own = Atom::Library(std::sync::Arc::new(value.clone())).into();
                    cx.call(callback, &Args::of(vec![own]));
                }
                Atom::Null.into()
            }
            _ => foreign("future"),
        }
    }
}

fn is_pool(dotted: &str) -> bool {
    let name = dotted.rsplit('.').next().unwrap_or_default();
    (dotted.starts_with("concurrent.futures") && name.ends_with("PoolExecutor"))
        || (dotted.starts_with("multiprocessing") && matches!(name, "Pool" | "ThreadPool"))
}

fn executor() -> Value {
    Value::library(kind::EXECUTOR, "executor", Vec::new())
}

fn future(result: Value) -> Value {
    Value::library(kind::FUTURE, "future", vec![("result", result)])
}

/// A coroutine was evaluated where it was made; its result is what waiting for it gives.
fn coroutine(args: &Args) -> Option<Value> {
    args.positional.first().cloned()
}
