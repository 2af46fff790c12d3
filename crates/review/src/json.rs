//! Strict JSON with the place of every value.

use jsonc_parser::ast::{ObjectProp, Value};
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::{CollectOptions, parse_to_ast};
use perm_infer_diagnostics::{Diagnostic, LineIndex, Location, Severity, Span};
use perm_infer_infra::strict_json;

/// Places of one text.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    path: String,
    lines: LineIndex,
    /// Of JSON within a text: where the text is.
    within: Option<Location>,
}

impl Places {
    pub(crate) fn new(path: &str, text: &str) -> Places {
        Places { path: path.to_owned(), lines: LineIndex::new(text), within: None }
    }

    /// Places of JSON that another file has as a text.
    pub(crate) fn within(text: &str, place: Location) -> Places {
        Places { within: Some(place), ..Places::new("", text) }
    }

    /// The line and column where a range starts.
    pub(crate) fn at(&self, range: Range) -> Location {
        if let Some(place) = &self.within {
            return place.clone();
        }
        let start = Span::new(range.start, range.end).start;
        Location { path: self.path.clone(), line: self.lines.line(start), column: self.lines.column(start) }
    }
}

/// Parses a text as JSON without any of the liberties of other dialects.
///
/// # Errors
/// With the place of the first thing that is no JSON.
pub(crate) fn parse<'t>(text: &'t str, places: &Places) -> Result<Value<'t>, Box<Diagnostic>> {
    let error = |range: Range, message: String| {
        let diagnostic = Diagnostic::new(Severity::Error, "no-json", message);
        Box::new(diagnostic.at(places.at(range)).remedy("write the policy as JSON"))
    };
    match parse_to_ast(text, &CollectOptions::default(), &strict_json()) {
        Ok(result) => result.value.ok_or_else(|| error(Range::new(0, 0), "the file is empty".to_owned())),
        Err(failed) => Err(error(failed.range(), format!("this is no JSON: {}", failed.kind()))),
    }
}

/// The name of a property and where it stands.
pub(crate) fn name<'p>(property: &'p ObjectProp<'_>) -> (&'p str, Range) {
    (property.name.as_str(), property.name.range())
}

/// The value in plain form.
pub(crate) fn plain(value: &Value<'_>) -> serde_json::Value {
    match value {
        Value::StringLit(text) => text.value.as_ref().into(),
        Value::NumberLit(number) => {
            serde_json::from_str(number.value).unwrap_or_else(|_| number.value.into())
        }
        Value::BooleanLit(truth) => truth.value.into(),
        Value::NullKeyword(_) => serde_json::Value::Null,
        Value::Array(array) => array.elements.iter().map(plain).collect(),
        Value::Object(object) => {
            let entries = object.properties.iter();
            serde_json::Value::Object(
                entries.map(|property| (property.name.as_str().to_owned(), plain(&property.value))).collect(),
            )
        }
    }
}
