//! Templates as people write them, in `tests/templates`: what is written is there for other readers, nothing else
//! changes, and comments and white space anywhere change nothing of that.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use perm_infer_edit::{
    Content, Edit, Expression, FunctionAt, Piece, Place, Source, Template, TemplateStatement, edited,
};
use perm_infer_infra::{Language, Settings, Unit, read_templates};
use serde_json::Value;

/// The `Sid`s of what the tests write.
const SIDS: [&str; 2] = ["TestReadTable", "TestWriteObjects"];

fn statements() -> Vec<TemplateStatement> {
    let mut table = Expression::default();
    table.push(Piece::Reference {
        to: "AWS::StackId".to_owned(),
        otherwise: "arn:aws:dynamodb:*:*:table/x".to_owned(),
    });
    let statement = |sid: &str, actions: &[&str], resource: Expression| TemplateStatement {
        sid: Some(sid.to_owned()),
        actions: actions.iter().map(|&action| action.to_owned()).collect(),
        resources: vec![resource],
        conditions: Default::default(),
    };
    vec![
        statement(SIDS[0], &["dynamodb:GetItem", "dynamodb:Query"], table),
        statement(SIDS[1], &["s3:PutObject"], Expression::text("arn:aws:s3:::files/${*}/a: b#*")),
    ]
}

/// The files of one template, by name.
type Files = BTreeMap<String, String>;

/// A template in a directory of its own.
struct Project {
    directory: tempfile::TempDir,
    language: Language,
    files: Files,
}

impl Project {
    fn new(name: &str, files: &Files) -> Project {
        let directory = tempfile::tempdir().expect("a directory");
        for (file, text) in files {
            fs::write(directory.path().join(file), text).expect("writes");
        }
        let language = match name.split('-').next() {
            Some("terraform") => Language::Terraform,
            Some("serverless") => Language::Serverless,
            _ => Language::CloudFormation,
        };
        Project { directory, language, files: files.clone() }
    }

    fn path(&self, file: &str) -> String {
        self.directory.path().join(file).to_string_lossy().replace('\\', "/")
    }

    fn units(&self) -> Vec<Unit> {
        let directory = self.directory.path().to_owned();
        let named = match self.language {
            Language::Terraform => directory.clone(),
            _ => directory.join(self.files.keys().next().expect("a file")),
        };
        let settings = Settings { roots: vec![directory], ..Settings::default() };
        read_templates(&[named], &[], &settings).units
    }

    /// The edits that write the statements for every function, and how many places there are.
    fn edits(&self, content: &Content) -> (Vec<Edit>, usize) {
        let source = |(file, text): (&String, &String)| Source { path: self.path(file), text: text.clone() };
        let template =
            Template::read(self.language, self.files.iter().map(source).collect()).expect("a template");
        let units = self.units();
        assert!(!units.is_empty());
        let place = |unit: &Unit| {
            let at = FunctionAt { name: &unit.name, location: &unit.location, role: None };
            template.place_of(at).unwrap_or_else(|problem| panic!("{problem}"))
        };
        let places: BTreeSet<Place> = units.iter().map(place).collect();
        let edits = places
            .iter()
            .map(|place| template.set(place, content).unwrap_or_else(|problem| panic!("{problem}")));
        (edits.flatten().collect(), places.len())
    }

    fn edited(&self, edits: &[Edit]) -> Files {
        let new = |(file, text): (&String, &String)| (file.clone(), edited(&self.path(file), text, edits));
        self.files.iter().map(new).collect()
    }
}

fn content() -> Content {
    Content { statements: statements(), sam_templates: Vec::new() }
}

/// Every template of the folder.
fn templates() -> Vec<(String, Files)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/templates");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let name_of = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    let read = |path: &Path| (name_of(path), fs::read_to_string(path).expect("text"));
    let files = |path: &Path| -> Files {
        if path.is_dir() {
            fs::read_dir(path)
                .expect("a folder")
                .map(|entry| read(&entry.expect("an entry").path()))
                .collect()
        } else {
            Files::from([read(path)])
        }
    };
    paths.iter().map(|path| (name_of(path), files(path))).collect()
}

/// What another reader sees in a file.
fn data(file: &str, text: &str) -> Value {
    if file.ends_with(".tf") {
        return hcl::from_str(text).unwrap_or_else(|error| panic!("{file}: {error}\n{text}"));
    }
    let text = text.trim_start_matches('\u{feff}');
    if file.ends_with(".json") {
        return serde_json::from_str(text).unwrap_or_else(|error| panic!("{file}: {error}\n{text}"));
    }
    let value: serde_norway::Value =
        serde_norway::from_str(text).unwrap_or_else(|error| panic!("{file}: {error}\n{text}"));
    from_yaml(value)
}

/// YAML with its tags as functions.
fn from_yaml(value: serde_norway::Value) -> Value {
    use serde_norway::Value as Yaml;
    match value {
        Yaml::Null => Value::Null,
        Yaml::Bool(flag) => flag.into(),
        Yaml::Number(number) => number.to_string().into(),
        Yaml::String(text) => text.into(),
        Yaml::Sequence(items) => items.into_iter().map(from_yaml).collect(),
        Yaml::Mapping(entries) => {
            let entry = |(key, value): (Yaml, Yaml)| {
                let key = from_yaml(key);
                (key.as_str().map_or_else(|| key.to_string(), str::to_owned), from_yaml(value))
            };
            Value::Object(entries.into_iter().map(entry).collect())
        }
        Yaml::Tagged(tagged) => {
            let key = tagged.tag.to_string();
            Value::Object([(key, from_yaml(tagged.value))].into_iter().collect())
        }
    }
}

fn is_written(statement: &Value) -> bool {
    let sid =
        statement.get("Sid").or_else(|| statement.get("sid")).and_then(Value::as_str).unwrap_or_default();
    SIDS.iter().any(|own| sid.ends_with(own))
}

/// How often a written statement stands somewhere.
fn count(value: &Value) -> usize {
    let inner: usize = match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(entries) => entries.values().map(count).sum(),
        _ => 0,
    };
    inner + usize::from(is_written(value))
}

/// The data without what was written, lists where one value was, and nothing where an empty list or map is left.
fn without_policies(value: &Value) -> Value {
    let is_empty = |value: &Value| {
        value.is_null()
            || value.as_array().is_some_and(Vec::is_empty)
            || value.as_object().is_some_and(|map| map.is_empty())
    };
    match value {
        Value::Array(items) => {
            let items = items.iter().filter(|item| !is_written(item)).filter(|item| {
                // A policy document of which nothing is left.
                let document = item.get("PolicyDocument").unwrap_or(item);
                !document["Statement"]
                    .as_array()
                    .is_some_and(|all| !all.is_empty() && all.iter().all(is_written))
            });
            items.map(without_policies).collect()
        }
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                let value = match value {
                    one @ (Value::String(_) | Value::Object(_)) if key == "Policies" => {
                        Value::Array(vec![without_policies(one)])
                    }
                    other => without_policies(other),
                };
                (key.clone(), value)
            });
            // Resources of Terraform that were written.
            let entries = entries.filter(|(key, value)| !is_empty(value) && !key.ends_with("_perm_infer"));
            Value::Object(entries.collect())
        }
        other => other.clone(),
    }
}

/// What is left of new when old is taken out of it in order; nothing if old is not in it.
fn inserted<'n>(old: &str, new: &'n str) -> Option<Vec<&'n str>> {
    let mut old = old.lines();
    let mut next = old.next();
    let mut more = Vec::new();
    for line in new.lines() {
        if next == Some(line) {
            next = old.next();
        } else {
            more.push(line);
        }
    }
    next.is_none().then_some(more)
}

#[test]
fn there_are_thirty_templates() {
    assert!(templates().len() >= 30, "{}", templates().len());
}

#[test]
fn what_is_written_is_there_for_other_readers_and_everything_else_is_as_before() {
    for (name, files) in templates() {
        let project = Project::new(&name, &files);
        let (edits, places) = project.edits(&content());
        let new = project.edited(&edits);
        let written: usize = new.iter().map(|(file, text)| count(&data(file, text))).sum();
        assert_eq!(written, places * SIDS.len(), "{name}\n{new:#?}");
        for (file, old) in &files {
            let read = without_policies(&data(file, &new[file]));
            assert_eq!(read, without_policies(&data(file, old)), "{name}\n{}", new[file]);
        }
    }
}

#[test]
fn old_lines_stay_except_those_that_hold_the_policies_themselves() {
    for (name, files) in templates() {
        let project = Project::new(&name, &files);
        let new = project.edited(&project.edits(&content()).0);
        for (file, old) in &files {
            let changed: Vec<&str> =
                old.lines().filter(|line| !new[file].lines().any(|new| new == *line)).collect();
            let is_policy = |line: &&&str| {
                let line = line.trim();
                // One value becomes the first of a list; the last element before what is added gets a comma.
                line.contains("Polic")
                    || line.contains("\"Action\"")
                    || name.contains("one-document")
                    || name.contains("compact")
                    || line.ends_with(['}', ']'])
                    || line.starts_with("\"Code\"")
            };
            let other: Vec<_> = changed.iter().filter(|line| !is_policy(line)).collect();
            assert!(other.is_empty(), "{name}: {other:#?}\n{}", new[file]);
            if !file.ends_with(".json")
                && !name.contains("one-")
                && !name.contains("flow")
                && !name.contains("dashes")
                && !name.contains("empty")
            {
                assert!(inserted(old, &new[file]).is_some(), "{name}\n{}", new[file]);
            }
        }
    }
}

#[test]
fn a_second_time_changes_nothing_and_nothing_needed_takes_all_of_it_away() {
    for (name, files) in templates() {
        let project = Project::new(&name, &files);
        let new = project.edited(&project.edits(&content()).0);
        let again = Project::new(&name, &new);
        assert_eq!(again.edits(&content()).0, [], "{name}");
        let left = again.edited(&again.edits(&Content::default()).0);
        for (file, old) in &files {
            let read = without_policies(&data(file, &left[file]));
            assert_eq!(read, without_policies(&data(file, old)), "{name}\n{}", left[file]);
            assert!(!SIDS.iter().any(|sid| left[file].contains(sid)), "{name}\n{}", left[file]);
        }
        // From what is left the same comes back.
        let back = Project::new(&name, &left);
        assert_eq!(back.edited(&back.edits(&content()).0), new, "{name}");
    }
}

#[test]
fn line_endings_and_byte_order_marks_are_kept() {
    for (name, files) in templates() {
        let convert = |text: &String| format!("\u{feff}{}", text.replace('\n', "\r\n"));
        // HCL has no byte order mark.
        let convert = |text: &String| match name.starts_with("terraform") {
            true => text.replace('\n', "\r\n"),
            false => convert(text),
        };
        let other: Files = files.iter().map(|(file, text)| (file.clone(), convert(text))).collect();
        let project = Project::new(&name, &files);
        let new = project.edited(&project.edits(&content()).0);
        let expected: Files = new.iter().map(|(file, text)| (file.clone(), convert(text))).collect();
        let project = Project::new(&name, &other);
        assert_eq!(project.edited(&project.edits(&content()).0), expected, "{name}");
    }
}

/// A small generator of numbers, the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % (limit.max(1) as u64)).expect("fits")
    }
}

/// The text with comments and white space at random places, which mean the same.
fn disturbed(file: &str, text: &str, numbers: &mut Numbers) -> String {
    if file.ends_with(".json") {
        return disturbed_json(text, numbers);
    }
    let mut out = String::new();
    // Lines of texts on several lines are not disturbed.
    let mut within: Option<usize> = None;
    let mut heredoc = false;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        if within.is_some_and(|outer| indent > outer || line.trim().is_empty()) || heredoc {
            heredoc = heredoc && !["EOF", "EOT"].contains(&line.trim());
            out.push_str(line);
            continue;
        }
        // What is indented behind a text on several lines would be a part of it.
        let deepest = if within.is_some() { 1 } else { 9 };
        match numbers.below(6) {
            0 => {
                let space = " ".repeat(numbers.below(deepest));
                out.push_str(&format!("{space}# Policies: {}\n", numbers.below(99)));
            }
            1 => out.push_str(&"\n".repeat(1 + numbers.below(3))),
            _ => {}
        }
        let bare = line.trim_end();
        let has_end = line.ends_with('\n');
        let ending = if has_end { "\n" } else { "" };
        let is_block = bare.ends_with(['|', '>']) || bare.ends_with(">-");
        heredoc = bare.contains("<<");
        match numbers.below(6) {
            0 if !is_block && !heredoc && has_end => {
                out.push_str(&format!("{bare} # \"{{: - ] {}\n", numbers.below(99)));
            }
            1 if !heredoc => out.push_str(&format!("{bare}{}{ending}", " ".repeat(numbers.below(4)))),
            _ => out.push_str(line),
        }
        within = is_block.then_some(indent);
    }
    out
}

fn disturbed_json(text: &str, numbers: &mut Numbers) -> String {
    let mut out = String::new();
    let mut is_text = false;
    for character in text.chars() {
        is_text ^= character == '"';
        out.push(character);
        if !is_text && "{}[],:".contains(character) && numbers.below(5) == 0 {
            out.push_str([" ", "\n", "\t", "\n\n  "][numbers.below(4)]);
        }
    }
    out
}

#[test]
fn comments_and_white_space_anywhere_stay_and_change_nothing() {
    let mut numbers = Numbers(7);
    for (name, files) in templates() {
        for round in 0..12 {
            let other: Files = files
                .iter()
                .map(|(file, text)| (file.clone(), disturbed(file, text, &mut numbers)))
                .collect();
            for (file, text) in &other {
                // The disturbance itself has to be harmless.
                assert_eq!(data(file, text), data(file, &files[file]), "{name} {round}\n{text}");
            }
            let project = Project::new(&name, &other);
            let (edits, places) = project.edits(&content());
            let new = project.edited(&edits);
            let written: usize = new.iter().map(|(file, text)| count(&data(file, text))).sum();
            assert_eq!(written, places * SIDS.len(), "{name} {round}\n{new:#?}");
            for (file, old) in &other {
                assert_eq!(
                    without_policies(&data(file, &new[file])),
                    without_policies(&data(file, old)),
                    "{name} {round}\n{}",
                    new[file]
                );
                outside_is_untouched(&name, old, &new[file]);
            }
            let again = Project::new(&name, &new);
            assert_eq!(again.edits(&content()).0, [], "{name} {round}\n{new:#?}");
        }
    }
}

/// Every line of the old text is in the new one, in order; where something is written into a line, every character.
fn outside_is_untouched(name: &str, old: &str, new: &str) {
    let is_exact = !["json", "one-", "flow", "dashes", "empty"].iter().any(|part| name.contains(part));
    if !is_exact {
        // An empty list goes with the space before it.
        let old = old.replace(" []", "").replace("[]", "");
        let mut characters = new.chars();
        let missing = old.chars().find(|old| !characters.any(|new| new == *old));
        assert_eq!(missing, None, "{name}\n{new}");
        return;
    }
    let mut rest = new;
    for line in old.lines() {
        match rest.find(line) {
            Some(at) => rest = &rest[at + line.len()..],
            None => panic!("{name}: {line:?} is not left\n{new}"),
        }
    }
}

#[test]
fn a_statement_is_added_once_and_survives_what_is_replaced() {
    for (name, files) in templates() {
        let project = Project::new(&name, &files);
        let managed = project.edited(&project.edits(&content()).0);
        let project = Project::new(&name, &managed);
        let added = TemplateStatement {
            sid: Some("Added".to_owned()),
            actions: vec!["sqs:SendMessage".to_owned()],
            resources: vec![Expression::text("arn:aws:sqs:*:*:jobs")],
            conditions: Default::default(),
        };
        let add = |project: &Project| {
            let source =
                |(file, text): (&String, &String)| Source { path: project.path(file), text: text.clone() };
            let template = Template::read(project.language, project.files.iter().map(source).collect())
                .expect("a template");
            let unit = project.units().swap_remove(0);
            let at = FunctionAt { name: &unit.name, location: &unit.location, role: None };
            let place = template.place_of(at).expect("a place");
            template
                .add(&place, std::slice::from_ref(&added))
                .unwrap_or_else(|problem| panic!("{name}: {problem}"))
        };
        let edits = add(&project);
        let new = project.edited(&edits);
        let has = |files: &Files| files.values().filter(|text| text.contains("sqs:SendMessage")).count();
        assert!(has(&new) >= 1 && !edits.is_empty(), "{name}");
        let project = Project::new(&name, &new);
        assert_eq!(add(&project), [], "{name}\n{new:#?}");
        assert_eq!(project.edits(&content()).0, [], "{name}\n{new:#?}");
        for (file, text) in project.edited(&project.edits(&Content::default()).0) {
            let _ = data(&file, &text);
        }
        assert!(has(&project.edited(&project.edits(&Content::default()).0)) >= 1, "{name}");
    }
}

/// IAM takes no two inline policies of one name in a role, and in Terraform the second would replace the first.
#[test]
fn policies_that_are_added_have_names_of_their_own() {
    for (name, files) in templates() {
        let mut project = Project::new(&name, &files);
        let statement = |action: &str| TemplateStatement {
            sid: None,
            actions: vec![action.to_owned()],
            resources: vec![Expression::text("arn:aws:sqs:*:*:jobs")],
            conditions: Default::default(),
        };
        for actions in [&["sqs:TagQueue", "sqs:UntagQueue"][..], &["sqs:PurgeQueue"]] {
            let statements: Vec<TemplateStatement> = actions.iter().map(|action| statement(action)).collect();
            let source =
                |(file, text): (&String, &String)| Source { path: project.path(file), text: text.clone() };
            let template = Template::read(project.language, project.files.iter().map(source).collect())
                .expect("a template");
            let unit = project.units().swap_remove(0);
            let at = FunctionAt { name: &unit.name, location: &unit.location, role: None };
            let place = template.place_of(at).expect("a place");
            // What is there already is not added again.
            let edits = template.add(&place, &statements).unwrap_or_else(|problem| panic!("{problem}"));
            project = Project::new(&name, &project.edited(&edits));
        }
        let text: String = project.files.values().map(String::as_str).collect();
        for action in ["sqs:TagQueue", "sqs:UntagQueue", "sqs:PurgeQueue"] {
            assert_eq!(text.matches(action).count(), 1, "{name} {action}\n{text}");
        }
        let words = text.split(|letter: char| letter.is_whitespace() || ",{}".contains(letter));
        let mut names: Vec<&str> =
            words.filter(|word| word.trim_matches('"').to_lowercase().starts_with("added")).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "{name}\n{text}");
    }
}
