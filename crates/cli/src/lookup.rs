//! `lookup`: what the catalogue knows of a name.

use perm_infer_catalog::{Catalog, Lookup};
use perm_infer_infer::{Diagnostic, Severity};

use crate::args::{LookupArgs, TextOrJson};
use crate::run::{Exit, print};
use crate::terminal::{self, Terminal};

/// Longest part of a query that is repeated in a message, in characters.
const MAX_SHOWN: usize = 80;

/// Shows what a name means; a name that nothing has gets the nearest ones.
pub(crate) fn lookup(args: &LookupArgs) -> Exit {
    terminal::set_color(args.color);
    let found = Catalog::embedded().lookup(&args.query);
    let text = match args.format {
        TextOrJson::Text => perm_infer_report::lookup(&found),
        TextOrJson::Json => perm_infer_report::lookup_json(&args.query, &found),
    };
    let exit = print(&text);
    if exit != Exit::Done || !found.is_empty() {
        return exit;
    }
    Terminal::default().diagnostics(&[unknown(&args.query, &found)]);
    Exit::No
}

fn unknown(query: &str, found: &Lookup) -> Diagnostic {
    let shown: String = query.chars().take(MAX_SHOWN).collect();
    let message = format!("no operation, action, method or service is called `{shown}`");
    let remedy = match found.nearest.as_slice() {
        [] => {
            "write it as code or a policy does, such as put_item, s3:GetObject or PutObjectCommand".to_owned()
        }
        names => format!("did you mean {}?", names.join(", ")),
    };
    Diagnostic::new(Severity::Error, "unknown-name", message).remedy(remedy)
}
