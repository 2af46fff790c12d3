//! Images of containers: from a Dockerfile and a command to the files of the project that a container starts.
//!
//! `dockerfile` reads Dockerfiles, `program` says what commands start, `contexts` finds the Dockerfile of an image
//! that something else builds.

mod contexts;
mod dockerfile;
mod program;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use perm_infer_policy::Pattern;

use crate::code::{Runtime, join, script};
use crate::shell::{self, Script, Variables};

pub use contexts::is_dockerfile_name;
pub(crate) use contexts::{Named, build_context, context_of};
pub(crate) use dockerfile::Dockerfile;
use program::{Started, started};

/// Largest script or manifest that is read, in bytes.
const MAX_BYTES: u64 = 1 << 20;

/// Scripts that start each other.
const MAX_STEPS: usize = 8;

/// Which files may be read.
pub(crate) type Allowed<'a> = &'a dyn Fn(&Path) -> bool;

/// An image that is built from a directory.
pub(crate) struct Image<'a> {
    /// The build context.
    pub(crate) context: PathBuf,
    /// The Dockerfile, where it could be read.
    pub(crate) dockerfile: Dockerfile,
    pub(crate) allowed: Allowed<'a>,
}

/// What a container runs.
#[derive(Debug, Default)]
pub(crate) struct Programs {
    /// Source files that are started.
    pub(crate) files: BTreeSet<PathBuf>,
    /// A framework that looks for code by itself starts: all of the directory may run.
    pub(crate) everything: bool,
    /// A program in a language that is not read.
    pub(crate) foreign: Option<String>,
    /// Scripts that are started, each with its file.
    pub(crate) scripts: Vec<(Option<PathBuf>, Script)>,
    /// What was looked for and not found.
    pub(crate) missing: Option<String>,
}

impl Image<'_> {
    /// What the container starts. `entrypoint` and `command` take the place of those of the image, `environment` adds
    /// to its variables.
    pub(crate) fn programs(
        &self,
        entrypoint: Option<Vec<Pattern>>,
        command: Option<Vec<Pattern>>,
        environment: &Variables,
    ) -> Programs {
        let image = &self.dockerfile;
        // "ENTRYPOINT" of "Dockerfile reference": a new entry point takes the command of the image away.
        let own_command = if entrypoint.is_none() { image.command.clone() } else { None };
        let entrypoint = entrypoint.or_else(|| image.entrypoint.clone()).unwrap_or_default();
        let command = command.or(own_command).unwrap_or_default();
        let mut programs = Programs::default();
        let words: Vec<Pattern> = entrypoint.into_iter().chain(command.clone()).collect();
        let mut variables = image.environment.clone();
        variables.extend(environment.clone());
        self.run(&words, &command, &variables, &mut programs, 0);
        programs
    }

    /// What a script starts, such as the one that an instance runs first.
    pub(crate) fn programs_of(&self, script: Script) -> Programs {
        let mut programs = Programs::default();
        self.run_script(None, script, &[], &mut programs, 0);
        programs
    }

    /// Adds what a command starts. `arguments` are those of the container.
    fn run(
        &self,
        words: &[Pattern],
        arguments: &[Pattern],
        variables: &Variables,
        programs: &mut Programs,
        steps: usize,
    ) {
        if steps > MAX_STEPS {
            return;
        }
        match started(words) {
            None => {}
            // A directory starts with what its manifest names.
            Some(Started::Script(_, path)) if path == "." || path == "./" => {
                let main = self.text("package.json").and_then(|(_, text)| main_of(&text));
                let main = main.unwrap_or_else(|| "index.js".to_owned());
                let words = [Pattern::literal("node"), Pattern::literal(main)];
                self.run(&words, &[], variables, programs, steps + 1);
            }
            Some(Started::Script(runtime, path)) => {
                match self.find(&path).and_then(|file| script(&file, runtime)) {
                    Some(file) if (self.allowed)(&file) => {
                        programs.files.insert(file);
                    }
                    _ => programs.missing = programs.missing.take().or(Some(path)),
                }
            }
            Some(Started::Module(name)) => match self.module(&name) {
                Some(file) => {
                    programs.files.insert(file);
                }
                None => programs.missing = programs.missing.take().or(Some(name)),
            },
            Some(Started::Everything) => programs.everything = true,
            Some(Started::Foreign(name)) => programs.foreign = Some(name),
            Some(Started::Text(text)) => {
                self.run_script(None, shell::read(&text, variables), arguments, programs, steps);
            }
            Some(Started::Arguments) if !arguments.is_empty() => {
                self.run(arguments, &[], variables, programs, steps + 1);
            }
            Some(Started::Arguments) => {}
            Some(Started::Shell(path, rest)) => match self.text(&path) {
                Some((file, text)) => {
                    let script = shell::read(&Pattern::literal(text), variables);
                    self.run_script(Some(file), script, &rest, programs, steps);
                }
                // Entry points of official images end in starting what they are given.
                None if path.ends_with("entrypoint.sh") && !rest.is_empty() => {
                    self.run(&rest, &[], variables, programs, steps + 1);
                }
                None => programs.missing = programs.missing.take().or(Some(path)),
            },
            Some(Started::Package(name)) => {
                let script = self.text("package.json").and_then(|(_, text)| package_script(&text, &name));
                match script {
                    Some(text) => {
                        let script = shell::read(&Pattern::literal(text), variables);
                        self.run_script(None, script, &[], programs, steps);
                    }
                    None => programs.missing = programs.missing.take().or(Some(format!("script {name}"))),
                }
            }
        }
    }

    fn run_script(
        &self,
        file: Option<PathBuf>,
        script: Script,
        arguments: &[Pattern],
        programs: &mut Programs,
        steps: usize,
    ) {
        for command in &script.commands {
            self.run(&command.words, arguments, &script.variables, programs, steps + 1);
        }
        programs.scripts.push((file, script));
    }

    /// A file of the container in the project, as its path without what compiling changes.
    fn find(&self, path: &str) -> Option<PathBuf> {
        let candidates = self.dockerfile.sources(path).into_iter();
        let below = path.trim_start_matches(['/', '.']);
        // Where the Dockerfile does not tell, the project may have the file under the end of its path.
        let ends = below.match_indices('/').map(|(at, _)| &below[at + 1..]).chain([below]).map(str::to_owned);
        let mut paths = candidates.chain(ends).map(|candidate| join(&self.context, &candidate));
        paths.find(|path| script(path, Runtime::Unknown).is_some())
    }

    /// A script or a manifest of the container.
    fn text(&self, path: &str) -> Option<(PathBuf, String)> {
        let below = path.trim_start_matches(['/', '.']);
        let name = below.rsplit('/').next().unwrap_or(below);
        let candidates = self.dockerfile.sources(path).into_iter().chain([below.to_owned(), name.to_owned()]);
        let file = candidates.map(|candidate| join(&self.context, &candidate)).find(|path| path.is_file())?;
        let size = std::fs::metadata(&file).ok()?.len();
        if size > MAX_BYTES || !(self.allowed)(&file) {
            return None;
        }
        let text = std::fs::read_to_string(&file).ok()?;
        Some((file, text))
    }

    /// A module of Python by its dotted name.
    fn module(&self, name: &str) -> Option<PathBuf> {
        let path = name.replace('.', "/");
        let places = [format!("{path}/__main__.py"), format!("{path}.py"), format!("{path}/__init__.py")];
        let around = ["", "src/", "app/"];
        let candidates = places.iter().flat_map(|place| {
            let own = self.dockerfile.sources(place);
            own.into_iter().chain(around.iter().map(move |around| format!("{around}{place}")))
        });
        let mut files = candidates.map(|candidate| join(&self.context, &candidate));
        files.find(|file| file.is_file() && (self.allowed)(file))
    }
}

/// A script of `package.json`.
fn package_script(text: &str, name: &str) -> Option<String> {
    let script = of_package(text, |package| {
        let scripts = package.get("scripts")?.value.as_object()?;
        Some(scripts.get(name)?.value.as_string_lit()?.value.to_string())
    });
    // `npm start` without a script starts the file of this name.
    script.or_else(|| (name == "start").then(|| "node server.js".to_owned()))
}

/// The module that a package is.
fn main_of(text: &str) -> Option<String> {
    of_package(text, |package| Some(package.get("main")?.value.as_string_lit()?.value.to_string()))
}

fn of_package<T>(text: &str, get: impl Fn(&jsonc_parser::ast::Object<'_>) -> Option<T>) -> Option<T> {
    let parsed = jsonc_parser::parse_to_ast(
        text,
        &jsonc_parser::CollectOptions::default(),
        &jsonc_parser::ParseOptions::default(),
    );
    get(parsed.ok()?.value?.as_object()?)
}
