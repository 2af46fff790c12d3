//! End-to-end tests live in `tests/`; shared set-up lives here.
