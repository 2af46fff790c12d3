//! What happens on a bug in this program: one short message that asks to report it.
//!
//! Panics while one file is read are caught where they happen and become a diagnostic of that file.
//! So the hook only takes a note, and the message is printed when a panic gets as far as here.

use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};
use std::sync::Mutex;

use crate::terminal;

static LAST: Mutex<Option<String>> = Mutex::new(None);

/// Runs the program; `None` if it panicked, which is then reported.
pub(crate) fn guard<T>(program: impl FnOnce() -> T) -> Option<T> {
    set_hook(Box::new(take_note));
    caught(program)
}

fn caught<T>(program: impl FnOnce() -> T) -> Option<T> {
    // Nothing is used again after a panic.
    let result = catch_unwind(AssertUnwindSafe(program));
    if result.is_err() {
        let note = LAST.lock().ok().and_then(|mut last| last.take()).unwrap_or_default();
        terminal::print(&format!(
            "perm-infer {}: internal error{note}\nThis is a bug. Please report it with the code that led to it: {}/issues\n",
            env!("CARGO_PKG_VERSION"),
            env!("CARGO_PKG_REPOSITORY"),
        ));
    }
    result.ok()
}

fn take_note(info: &PanicHookInfo<'_>) {
    let place = info.location().map_or_else(String::new, |place| format!(" at {place}"));
    let message = info.payload_as_str().map_or_else(String::new, |text| format!(": {}", text.escape_debug()));
    if let Ok(mut last) = LAST.lock() {
        *last = Some(place + &message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_no_end_of_the_process() {
        assert_eq!(caught(|| 1), Some(1));
        assert_eq!(caught(|| -> u8 { panic!("on purpose") }), None);
    }
}
