//! JSON with places.

use std::collections::HashMap;

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use perm_infer_diagnostics::{Diagnostic, LineIndex, Location, Span};

use super::{Entry, Files, Kind, MAX_DEPTH, Mark, Node, add_entry, syntax_error};

/// JSON without any of the liberties of other dialects.
#[must_use]
pub fn strict_json() -> ParseOptions {
    ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

/// Reads a JSON text.
pub(super) fn read(
    text: &str,
    file: u32,
    files: &Files,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Node, Diagnostic> {
    let lines = LineIndex::new(text);
    let mut reader = Reader { lines, file, files, diagnostics };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &strict_json()).map_err(|error| {
        let mark = reader.mark(error.range().start);
        syntax_error(files.location(mark), error.kind())
    })?;
    match &parsed.value {
        Some(value) => reader.node(value, 0),
        None => Err(syntax_error(
            Location::file(files.location(Mark { file, ..Mark::default() }).path),
            "it is empty",
        )),
    }
}

struct Reader<'a> {
    lines: LineIndex,
    file: u32,
    files: &'a Files,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn mark(&self, offset: usize) -> Mark {
        let offset = Span::new(offset, offset).start;
        Mark { file: self.file, line: self.lines.line(offset), column: self.lines.column(offset) }
    }

    fn node(&mut self, value: &Value<'_>, depth: usize) -> Result<Node, Diagnostic> {
        let at = self.mark(value.range().start);
        if depth > MAX_DEPTH {
            return Err(syntax_error(self.files.location(at), "it is nested too deep"));
        }
        let kind = match value {
            Value::StringLit(text) => Kind::Scalar(text.value.to_string()),
            Value::NumberLit(number) => Kind::Scalar(number.value.to_owned()),
            Value::BooleanLit(flag) => Kind::Scalar(flag.value.to_string()),
            Value::NullKeyword(_) => Kind::Null,
            Value::Array(array) => {
                let items = array.elements.iter().map(|item| self.node(item, depth + 1));
                Kind::List(items.collect::<Result<_, _>>()?)
            }
            Value::Object(object) => {
                let mut entries = Vec::with_capacity(object.properties.len());
                let mut known = HashMap::new();
                for property in &object.properties {
                    let key = property.name.as_str().to_owned();
                    let at = self.mark(property.range().start);
                    let mut value = self.node(&property.value, depth + 1)?;
                    super::yaml::split_attribute(&key, &mut value);
                    add_entry(
                        &mut entries,
                        &mut known,
                        Entry { key, at, value },
                        self.files,
                        self.diagnostics,
                    );
                }
                Kind::Map(entries)
            }
        };
        Ok(Node { at, kind })
    }
}
