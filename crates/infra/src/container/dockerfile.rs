//! Dockerfiles: what the last stage starts, in which directory, and what its files were copied from.
//!
//! Source: "Dockerfile reference" in the Docker documentation.

use std::collections::BTreeMap;

use perm_infer_policy::{Part, Pattern};

use crate::code::shown;
use crate::shell::{self, Variables};

/// Stages and copies that are followed.
const MAX_INSTRUCTIONS: usize = 2_000;

/// The image that a Dockerfile makes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dockerfile {
    pub(crate) entrypoint: Option<Vec<Pattern>>,
    pub(crate) command: Option<Vec<Pattern>>,
    /// Environment variables of the image.
    pub(crate) environment: Variables,
    /// Stages in their order; the image is the last one.
    stages: Vec<Stage>,
    /// What `COPY` and `ADD` of any stage name in the build context.
    pub(crate) copied: Vec<String>,
}

#[derive(Clone, Debug, Default)]
struct Stage {
    name: String,
    /// The stage that it starts from.
    base: Option<usize>,
    directory: String,
    environment: Variables,
    copies: Vec<Copy>,
    entrypoint: Option<Vec<Pattern>>,
    command: Option<Vec<Pattern>>,
}

#[derive(Clone, Debug)]
struct Copy {
    from: From,
    sources: Vec<String>,
    /// An absolute path; a directory where it ends in a slash.
    to: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    Context,
    Stage(usize),
    Elsewhere,
}

impl Dockerfile {
    /// Reads a Dockerfile up to a stage, or all of it.
    pub(crate) fn read(text: &str, target: Option<&str>) -> Dockerfile {
        let mut stages: Vec<Stage> = Vec::new();
        let mut arguments = Variables::new();
        let mut copied = Vec::new();
        for line in instructions(text).into_iter().take(MAX_INSTRUCTIONS) {
            let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((&line, ""));
            let rest = rest.trim();
            if word.eq_ignore_ascii_case("FROM") {
                if stages.last().is_some_and(|stage| target.is_some_and(|target| stage.name == target)) {
                    break;
                }
                let stage = Stage::from(rest, &arguments, &stages);
                stages.push(stage);
                continue;
            }
            let known: Vec<String> = stages.iter().map(|stage| stage.name.clone()).collect();
            let Some(stage) = stages.last_mut() else {
                if word.eq_ignore_ascii_case("ARG") {
                    set(&mut arguments, rest);
                }
                continue;
            };
            match word.to_ascii_uppercase().as_str() {
                "ARG" | "ENV" => set(&mut stage.environment, rest),
                "WORKDIR" => {
                    stage.directory = stage.path(&text_of(&shell::expanded(rest, &stage.environment)));
                }
                "ENTRYPOINT" => {
                    stage.entrypoint = command(rest);
                    stage.command = None;
                }
                "CMD" => stage.command = command(rest),
                "COPY" | "ADD" => {
                    if let Some(copy) = stage.copy(rest, &known) {
                        if copy.from == From::Context {
                            copied.extend(copy.sources.iter().cloned());
                        }
                        stage.copies.push(copy);
                    }
                }
                _ => {}
            }
        }
        let last = stages.last().cloned().unwrap_or_default();
        Dockerfile {
            entrypoint: last.entrypoint,
            command: last.command,
            environment: last.environment,
            stages,
            copied,
        }
    }

    /// Where a file of the image comes from in the build context, most likely first: relative paths.
    pub(crate) fn sources(&self, path: &str) -> Vec<String> {
        let Some(last) = self.stages.len().checked_sub(1) else { return Vec::new() };
        let path = self.stages[last].path(path);
        let mut found = Vec::new();
        self.sources_in(last, &path, 0, &mut found);
        found
    }

    fn sources_in(&self, stage: usize, path: &str, depth: usize, found: &mut Vec<String>) {
        let Some(own) = self.stages.get(stage).filter(|_| depth < 16) else { return };
        for copy in own.copies.iter().rev() {
            for source in &copy.sources {
                for candidate in copy.candidates(source, path) {
                    match copy.from {
                        From::Context => {
                            let candidate = shown(&crate::code::join(
                                std::path::Path::new(""),
                                candidate.trim_start_matches('/'),
                            ));
                            if found.len() < 256 && !found.contains(&candidate) {
                                found.push(candidate);
                            }
                        }
                        From::Stage(other) if other < stage => {
                            let candidate = self.stages[other].path(&candidate);
                            self.sources_in(other, &candidate, depth + 1, found);
                        }
                        From::Stage(_) | From::Elsewhere => {}
                    }
                }
            }
        }
        if let Some(base) = own.base {
            self.sources_in(base, path, depth + 1, found);
        }
    }
}

impl Stage {
    /// The start of a stage: `image AS name`.
    fn from(rest: &str, arguments: &Variables, stages: &[Stage]) -> Stage {
        let words: Vec<&str> = rest.split_whitespace().filter(|word| !word.starts_with("--")).collect();
        let image =
            words.first().map(|image| text_of(&shell::expanded(image, arguments))).unwrap_or_default();
        let name = match words.as_slice() {
            [_, keyword, name, ..] if keyword.eq_ignore_ascii_case("as") => (*name).to_owned(),
            _ => String::new(),
        };
        let base = stages.iter().rposition(|stage| !stage.name.is_empty() && stage.name == image);
        let mut stage = match base {
            Some(base) => Stage { copies: Vec::new(), ..stages[base].clone() },
            None => Stage { environment: arguments.clone(), directory: "/".to_owned(), ..Stage::default() },
        };
        // "Creating Lambda container images": base images of AWS Lambda start in this directory.
        if base.is_none() && image.contains("/lambda/") {
            stage.directory = "/var/task".to_owned();
            stage.environment.insert("LAMBDA_TASK_ROOT".to_owned(), Pattern::literal("/var/task"));
        }
        Stage { name, base, ..stage }
    }

    /// An absolute path without `.` and `..`.
    fn path(&self, path: &str) -> String {
        let directory = std::path::Path::new(if self.directory.is_empty() { "/" } else { &self.directory });
        shown(&crate::code::join(directory, path))
    }

    fn copy(&self, rest: &str, stages: &[String]) -> Option<Copy> {
        let mut from = From::Context;
        let mut rest = rest;
        while let Some(flag) = rest.strip_prefix("--") {
            let (flag, after) = flag.split_once(char::is_whitespace)?;
            rest = after.trim_start();
            if let Some(name) = flag.strip_prefix("from=") {
                let by_name = stages.iter().position(|stage| stage == name && !name.is_empty());
                let index = by_name.or_else(|| name.parse().ok().filter(|index| *index + 1 < stages.len()));
                from = index.map_or(From::Elsewhere, From::Stage);
            }
        }
        let words = match list(rest) {
            Some(words) => words,
            None => rest.split_whitespace().map(str::to_owned).collect(),
        };
        let mut words: Vec<String> =
            words.iter().map(|word| text_of(&shell::expanded(word, &self.environment))).collect();
        let destination = words.pop()?;
        // Documents in the Dockerfile itself, and what is downloaded.
        words.retain(|source| !source.starts_with("<<") && !source.contains("://"));
        let is_directory = destination.ends_with('/')
            || destination.ends_with("/.")
            || destination == "."
            || words.len() > 1;
        let mut to = self.path(&destination);
        if is_directory && !to.ends_with('/') {
            to.push('/');
        }
        Some(Copy { from, sources: words, to })
    }
}

impl Copy {
    /// What a file of the image is at the source, where it comes from there.
    fn candidates(&self, source: &str, path: &str) -> Vec<String> {
        let source = source.trim_end_matches('/');
        let source = if source.is_empty() { "/" } else { source };
        let (parent, name) = source.rsplit_once('/').map_or(("", source), |(parent, name)| (parent, name));
        let to = self.to.trim_end_matches('/');
        let mut candidates = Vec::new();
        let Some(rest) = path.strip_prefix(to).filter(|rest| rest.is_empty() || rest.starts_with('/')) else {
            return candidates;
        };
        let rest = rest.trim_start_matches('/');
        if rest.is_empty() {
            // One file under another name.
            candidates.push(source.to_owned());
        } else if let Some((before, after)) = name.split_once('*') {
            let first = rest.split('/').next().unwrap_or(rest);
            if first.starts_with(before) && first.ends_with(after.trim_start_matches('*')) {
                candidates.push(in_directory(parent, rest));
            }
            // A directory that the pattern names is copied with what is in it.
            candidates.push(in_directory(parent, rest));
        } else {
            if rest == name {
                candidates.push(source.to_owned());
            }
            candidates.push(if source == "." { rest.to_owned() } else { in_directory(source, rest) });
        }
        candidates
    }
}

fn in_directory(directory: &str, name: &str) -> String {
    match directory.trim_end_matches('/') {
        "" if directory.starts_with('/') => format!("/{name}"),
        "" => name.to_owned(),
        directory => format!("{directory}/{name}"),
    }
}

/// Instructions without comments, each on one line.
fn instructions(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let mut open = String::new();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if trimmed.starts_with('#') || (trimmed.is_empty() && !open.is_empty()) {
            continue;
        }
        if let Some(start) = trimmed.strip_suffix('\\') {
            open.push_str(start);
            open.push(' ');
            continue;
        }
        open.push_str(trimmed);
        let instruction = std::mem::take(&mut open);
        // A document: its lines are no instructions.
        if let Some((_, after)) = instruction.split_once("<<")
            && ["RUN", "COPY", "ADD"].iter().any(|word| instruction.to_ascii_uppercase().starts_with(word))
        {
            let end: String =
                after.trim_start_matches('-').chars().take_while(|c| !c.is_whitespace()).collect();
            let end = end.trim_matches(['"', '\'']).to_owned();
            if !end.is_empty() {
                let _ = lines.by_ref().find(|line| line.trim() == end);
            }
        }
        if !instruction.is_empty() {
            found.push(instruction);
        }
    }
    found
}

/// `NAME=value NAME=value`, or `NAME value`.
fn set(variables: &mut Variables, rest: &str) {
    let mut values = BTreeMap::new();
    let script = shell::read(&Pattern::literal(rest), variables);
    match script.commands.as_slice() {
        [] => values.extend(script.variables),
        _ => {
            if let Some((name, value)) =
                rest.split_once(char::is_whitespace).filter(|(name, _)| !name.contains('='))
            {
                values.insert(name.to_owned(), shell::expanded(value.trim(), variables));
            }
        }
    }
    variables.extend(values);
}

/// A command in either form; that of the shell as what the shell is given.
fn command(rest: &str) -> Option<Vec<Pattern>> {
    if rest.is_empty() {
        return None;
    }
    let words = list(rest).unwrap_or_else(|| vec!["/bin/sh".to_owned(), "-c".to_owned(), rest.to_owned()]);
    Some(words.into_iter().map(Pattern::literal).collect())
}

/// A list of texts in the notation of JSON, which people also write with single quotes.
fn list(text: &str) -> Option<Vec<String>> {
    let inner = text.strip_prefix('[')?.trim_end().strip_suffix(']')?;
    let mut items = Vec::new();
    let mut characters = inner.chars();
    while let Some(quote) =
        characters.by_ref().find(|character| !character.is_whitespace() && *character != ',')
    {
        if quote != '"' && quote != '\'' {
            return None;
        }
        let mut item = String::new();
        loop {
            match characters.next()? {
                '\\' => item.push(characters.next()?),
                character if character == quote => break,
                character => item.push(character),
            }
        }
        items.push(item);
    }
    Some(items)
}

/// A text without what is not known of it.
pub(super) fn text_of(pattern: &Pattern) -> String {
    let literal = |part: &Part| match part {
        Part::Literal(text) => Some(text.clone()),
        _ => None,
    };
    pattern.parts().iter().filter_map(literal).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(command: &Option<Vec<Pattern>>) -> Vec<String> {
        command.iter().flatten().map(text_of).collect()
    }

    #[test]
    fn the_last_command_counts_in_either_form() {
        let file =
            Dockerfile::read("FROM a\nCMD [\"x\"]\n# CMD [\"no\"]\ncmd [ 'y.handler', \\\n 'z' ]", None);
        assert_eq!(words(&file.command), ["y.handler", "z"]);
        let file = Dockerfile::read("FROM a\nCMD x\nENTRYPOINT [\"e\"]", None);
        assert_eq!((words(&file.entrypoint), words(&file.command)), (vec!["e".to_owned()], Vec::new()));
        let file = Dockerfile::read("FROM a\nRUN <<EOF\nCMD no\nEOF\nCMD python app.py", None);
        assert_eq!(words(&file.command), ["/bin/sh", "-c", "python app.py"]);
    }

    #[test]
    fn files_lead_back_to_the_build_context() {
        let text = "FROM node AS build\nWORKDIR /b\nCOPY . .\nFROM node\nENV HOME=/srv\nWORKDIR $HOME\n\
                    COPY --chown=x --from=build /b/dist ./dist\nCOPY --from=build /b/package.json .\nCOPY tools/run.py /usr/bin/run";
        let file = Dockerfile::read(text, None);
        // What is copied may be a file or a directory.
        assert_eq!(file.sources("dist/main.js"), ["package.json/dist/main.js", "dist/main.js"]);
        assert_eq!(file.sources("/srv/package.json"), ["package.json", "package.json/package.json"]);
        assert_eq!(file.sources("/usr/bin/run"), ["tools/run.py"]);
        assert!(file.sources("/etc/passwd").is_empty());
    }

    #[test]
    fn patterns_and_several_sources_are_copied_into_directories() {
        let file = Dockerfile::read("FROM a\nWORKDIR /app\nCOPY src/*.py lib ./\nCOPY a.py b.py c/", None);
        assert_eq!(file.sources("main.py")[0], "src/main.py");
        assert_eq!(file.sources("c/a.py")[0], "a.py");
    }

    #[test]
    fn stages_start_from_each_other_and_may_be_chosen() {
        let text =
            "FROM a AS base\nENV X=1\nCOPY a /a\nCMD [\"one\"]\nFROM base AS two\nCMD [\"two\"]\nFROM base";
        assert_eq!(words(&Dockerfile::read(text, Some("two")).command), ["two"]);
        let last = Dockerfile::read(text, None);
        assert_eq!(words(&last.command), ["one"]);
        assert_eq!(last.environment.get("X"), Some(&Pattern::literal("1")));
        assert_eq!(last.sources("/a"), ["a"]);
    }

    #[test]
    fn broken_dockerfiles_do_no_harm() {
        for text in [
            "",
            "FROM",
            "COPY",
            "FROM a\nCOPY",
            "FROM a\nCOPY --from=a",
            "FROM a\nCMD [\"",
            "CMD x",
            "FROM a\nRUN <<",
        ] {
            Dockerfile::read(text, None).sources("/x");
        }
        let circle =
            "FROM a AS a\nCOPY --from=b /x /x\nFROM a AS b\nCOPY --from=a /x /x\nCOPY --from=b /x /x";
        assert!(Dockerfile::read(circle, None).sources("/x").is_empty());
    }
}
