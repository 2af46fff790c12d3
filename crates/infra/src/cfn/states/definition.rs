//! Definitions in the Amazon States Language: the tasks in them, and what tasks pass.
//!
//! Source: "Using Amazon States Language to define Step Functions workflows" in the AWS Step Functions
//! Developer Guide.

use perm_infer_policy::{Part, Pattern};

use crate::model::Argument;
use crate::tree::Mark;
use crate::value::{Kind, Value};

/// Something in a definition that calls AWS.
pub(super) struct Task<'v> {
    /// The state.
    pub(super) state: &'v str,
    /// The place of its resource.
    pub(super) at: Mark,
    /// What it calls.
    pub(super) resource: &'v [Pattern],
    /// What it passes: `Parameters` with JSONPath, `Arguments` with JSONata.
    pub(super) arguments: Option<&'v Value>,
    /// The role that it is done with, where that is not the state machine's.
    pub(super) role: Option<&'v Value>,
    /// Where it stands.
    pub(super) place: Place<'v>,
}

/// Where something that calls AWS stands in a definition.
#[derive(Clone, Copy)]
pub(super) enum Place<'v> {
    /// A task.
    Task,
    /// The reader of the items of a map, with its configuration.
    ItemReader(Option<&'v Value>),
    /// The writer of the results of a map.
    ResultWriter,
}

/// What a definition asks for.
#[derive(Default)]
pub(super) struct Definition<'v> {
    pub(super) tasks: Vec<Task<'v>>,
    /// Maps that start executions of the state machine for their items.
    pub(super) distributed: Vec<(&'v str, Mark)>,
}

impl<'v> Definition<'v> {
    /// Reads a definition.
    pub(super) fn of(root: &'v Value) -> Self {
        let mut definition = Definition::default();
        definition.states(root);
        definition
    }

    fn states(&mut self, workflow: &'v Value) {
        for (name, state) in workflow.get("States").map(Value::entries).unwrap_or_default() {
            match state.get("Type").and_then(Value::text) {
                Some("Task") => self.task(name, state, Place::Task),
                Some("Parallel") => {
                    let branches = state.get("Branches").map(Value::items).unwrap_or_default();
                    branches.iter().for_each(|branch| self.states(branch));
                }
                Some("Map") => self.map(name, state),
                _ => {}
            }
        }
    }

    fn map(&mut self, name: &'v str, state: &'v Value) {
        let processor = state.get("ItemProcessor").or_else(|| state.get("Iterator"));
        if let Some(processor) = processor {
            let mode = processor.at_path(&["ProcessorConfig", "Mode"]);
            if let Some(mode) = mode.filter(|mode| mode.text() == Some("DISTRIBUTED")) {
                self.distributed.push((name, mode.at));
            }
            self.states(processor);
        }
        if let Some(reader) = state.get("ItemReader") {
            self.task(name, reader, Place::ItemReader(reader.get("ReaderConfig")));
        }
        if let Some(writer) = state.get("ResultWriter") {
            self.task(name, writer, Place::ResultWriter);
        }
    }

    fn task(&mut self, state: &'v str, task: &'v Value, place: Place<'v>) {
        let Some(resource) = task.get("Resource") else { return };
        self.tasks.push(Task {
            state,
            at: resource.at,
            resource: resource.texts(),
            arguments: task.get("Arguments").or_else(|| task.get("Parameters")),
            role: task
                .at_path(&["Credentials", "RoleArn"])
                .or_else(|| task.at_path(&["Credentials", "RoleArn.$"])),
            place,
        });
    }
}

impl Task<'_> {
    /// What the task passes. `own` is the ARN of the state machine itself.
    pub(super) fn passed(&self, own: &[Pattern]) -> Vec<(String, Argument)> {
        let Some(arguments) = self.arguments else { return Vec::new() };
        match argument(arguments, own) {
            Some(Argument::Map(entries)) => entries,
            // The whole of it comes from the input.
            _ => Vec::new(),
        }
    }
}

/// The texts of an argument that is passed; nothing known where its value is computed.
pub(super) fn texts<'a>(arguments: &'a [(String, Argument)], name: &str) -> Option<&'a [Pattern]> {
    arguments.iter().find(|(key, _)| key == name).and_then(|(_, argument)| match argument {
        Argument::Text(texts) => Some(texts.as_slice()),
        _ => None,
    })
}

fn argument(value: &Value, own: &[Pattern]) -> Option<Argument> {
    match &value.kind {
        Kind::Map(entries) => {
            let known = entries.iter().filter_map(|(key, value)| match key.strip_suffix(".$") {
                Some(key) => Some((key.to_owned(), from_path(value, own))),
                None => Some((key.clone(), argument(value, own)?)),
            });
            Some(Argument::Map(known.collect()))
        }
        Kind::List(items) => {
            Some(Argument::List(items.iter().filter_map(|item| argument(item, own)).collect()))
        }
        Kind::Text(texts) => match texts.iter().find_map(|text| jsonata(text)) {
            Some("$states.context.StateMachine.Id") => Some(Argument::Text(own.to_vec())),
            Some(expression) => match constant(expression, '"').or_else(|| constant(expression, '\'')) {
                Some(text) => Some(Argument::Text(vec![Pattern::literal(text)])),
                None => Some(Argument::Given(expression.to_owned())),
            },
            None => value.argument(),
        },
        Kind::Null => None,
    }
}

/// The expression in `{% ... %}`.
fn jsonata(text: &Pattern) -> Option<&str> {
    let inner = text.as_literal().unwrap_or_else(|| text.literal_prefix()).trim_start().strip_prefix("{%")?;
    Some(inner.trim_end().strip_suffix("%}").unwrap_or(inner).trim())
}

/// The text of an expression that is one string.
fn constant(expression: &str, quote: char) -> Option<&str> {
    let inner = expression.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains([quote, '\\'])).then_some(inner)
}

/// The value of a path or of an intrinsic function of the language.
fn from_path(value: &Value, own: &[Pattern]) -> Argument {
    let [text] = value.texts() else { return Argument::Text(vec![Pattern::any()]) };
    match (formatted(text), text.as_literal()) {
        (Some(text), _) => Argument::Text(vec![text]),
        (None, Some("$$.StateMachine.Id")) => Argument::Text(own.to_vec()),
        (None, Some(path)) => Argument::Given(path.to_owned()),
        (None, None) => Argument::Text(vec![Pattern::any()]),
    }
}

/// `States.Format('orders-{}', $.id)`: the constant with everything open that is put into it.
/// Source: "Intrinsics for JSONPath states" in the AWS Step Functions Developer Guide.
fn formatted(call: &Pattern) -> Option<Pattern> {
    let start = call.literal_prefix().trim_start();
    let inside = start.strip_prefix("States.Format(")?.trim_start().strip_prefix('\'')?;
    let mut text = Pattern::default();
    let further = call.parts().iter().skip(1);
    for part in std::iter::once(&Part::Literal(inside.to_owned())).chain(further) {
        let Part::Literal(literal) = part else {
            text.push(part.clone());
            continue;
        };
        let (constant, is_end) = match literal.split_once('\'') {
            Some((constant, _)) => (constant, true),
            None => (literal.as_str(), false),
        };
        if constant.contains('\\') {
            return None;
        }
        for (position, literal) in constant.split("{}").enumerate() {
            if position > 0 {
                text.push(Part::Any);
            }
            text.push_literal(literal);
        }
        if is_end {
            return Some(text);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_keep_their_constants() {
        let text = |call: &str| formatted(&Pattern::literal(call)).map(|text| text.to_policy_string());
        assert_eq!(text("States.Format('a-{}-b', $.x)").as_deref(), Some("a-*-b"));
        assert_eq!(text("States.Format('a*{}', $.x)").as_deref(), Some("a${*}*"));
        assert_eq!(text("States.Format('it\\'s {}', $.x)"), None);
        assert_eq!(text("$.x"), None);
    }

    #[test]
    fn expressions_that_are_constants_are_known() {
        assert_eq!(jsonata(&Pattern::literal("{% 'orders' %}")), Some("'orders'"));
        assert_eq!(constant("'orders'", '\''), Some("orders"));
        assert_eq!(constant("'a' & 'b'", '\''), None);
    }
}
