//! Functions that a platform calls by their names. For AWS Lambda the page "Define Lambda function handler"
//! of the AWS Lambda Developer Guide gives the form for each language: the handler takes an event, and
//! perhaps a context.

/// Names that are handlers' whatever stands behind them: a wrapped function, a method of a class.
pub(crate) const HANDLERS: &[&str] = &["handler", "lambdaHandler", "lambda_handler"];

/// Whether a function has the name and the parameters of a handler: `handler(event)`,
/// `createHandler(event)`, `process(event, context)`. Parameters that are taken apart have no name.
pub(crate) fn is_handler(name: &str, params: &[Option<&str>]) -> bool {
    let called = |position: usize, names: &[&str]| {
        let param = params.get(position).copied().flatten();
        param.is_some_and(|param| names.contains(&param.trim_start_matches('_')))
    };
    let plain: String = name.chars().filter(|&c| c != '_').flat_map(char::to_lowercase).collect();
    let takes_event = called(0, &["event", "evt"]);
    let takes_context = called(1, &["context", "ctx"]);
    let takes_parts = params.first().is_some_and(Option::is_none);
    match plain.as_str() {
        "handler" | "lambdahandler" => takes_event || takes_parts,
        _ => takes_event && (takes_context || plain.ends_with("handler")),
    }
}

#[cfg(test)]
mod tests {
    use super::is_handler;

    #[test]
    fn handlers_are_known_by_name_and_parameters() {
        assert!(is_handler("handler", &[Some("event")]));
        assert!(is_handler("lambda_handler", &[Some("_event"), Some("_context")]));
        assert!(is_handler("handler", &[None]));
        assert!(is_handler("createHandler", &[Some("event")]));
        assert!(is_handler("main", &[Some("event"), Some("context")]));
        assert!(!is_handler("handler", &[Some("table")]));
        assert!(!is_handler("handler", &[]));
        assert!(!is_handler("processRecord", &[Some("event")]));
        assert!(!is_handler("createHandler", &[Some("table")]));
    }
}
