//! Frameworks that call what they are handed and hand on what it gives: dependencies of web
//! applications.

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, Value};

use crate::shared::with_default;

/// Calls something of a framework that gives back more than a foreign value.
pub(crate) fn call(cx: &mut Cx<'_, '_>, dotted: &str, args: &Args) -> Option<Value> {
    match dotted {
        // The default of an option of a command; `...` says that there is none.
        "typer.Option" | "typer.Argument" => {
            let default = args.get(0, "default")?;
            let is_data = |atom: &Atom| matches!(atom, Atom::Text(_) | Atom::Int(_) | Atom::Bool(_));
            let reason = || HoleReason::Parameter("an option".into());
            default.atoms().iter().all(is_data).then(|| with_default(cx, reason(), default))
        }
        "fastapi.Depends" | "fastapi.Security" | "fastapi.params.Depends" | "litestar.di.Provide" => {
            let provided = cx.call(&args.get(0, "dependency")?.clone(), &Args::unknown());
            // A generator gives what it yields first.
            Some(provided.map(
                |atom| match atom {
                    Atom::List(list) => list.element(),
                    _ => atom.clone().into(),
                },
                |hole| Value::unknown((**hole).clone()),
            ))
        }
        _ => None,
    }
}
