//! Where the code of a function is: directories and handlers, images, code in the template.

use std::path::{Path, PathBuf};

use perm_infer_diagnostics::{Diagnostic, Location, Severity};
use perm_infer_policy::{Part, Pattern};

use super::Reader;
use super::function::Subject;
use crate::code::{Runtime, beside_archive, file_names, is_inside, join, locate, output_name, shown};
use crate::container::{Dockerfile, Image};
use crate::model::Code;
use crate::shell::Variables;
use crate::tree::{Mark, Node};

/// Code that is not in a directory.
struct Elsewhere {
    /// The archive, where the template names a file.
    archive: Option<PathBuf>,
    problem: Diagnostic,
}

impl Reader<'_> {
    pub(super) fn code(&mut self, subject: &Subject<'_>) -> Code {
        let stack = subject.stack;
        let package = subject.get(&["PackageType"]).and_then(Node::text);
        if package == Some("Image") {
            return self.image(subject);
        }
        let runtime = subject.get(&["Runtime"]).and_then(|runtime| self.known_text(stack, runtime));
        let runtime = Runtime::of(&runtime.unwrap_or_default());
        let handler = subject.get(&["Handler"]);
        let inline = subject.get(&["InlineCode"]).or_else(|| subject.get(&["Code", "ZipFile"]));
        if let Some(inline) = inline {
            return self.inline(subject, inline, handler, runtime);
        }
        if runtime == Runtime::Other {
            let at = subject.get(&["Runtime"]).map_or(subject.at, |runtime| runtime.at);
            let message = format!("the code of {} is in a language that is not read", subject.id);
            self.warn("unread-language", at, message, "add what its code needs by hand");
            return Code::Elsewhere;
        }
        let (directory, at) = match self.directory(subject) {
            Ok(found) => found,
            Err(elsewhere) => return self.packed(subject, handler, runtime, *elsewhere),
        };
        if !self.may_read(&directory, at) {
            return Code::Elsewhere;
        }
        let Some(handler) = handler else {
            self.warn(
                "handler-not-found",
                subject.at,
                format!(
                    "{} has no Handler; all code below {} is taken instead",
                    subject.id,
                    shown(&directory)
                ),
                "add the Handler property",
            );
            return Code::Directory(directory);
        };
        let at = handler.at;
        let Some(text) = self.known_text(stack, handler) else {
            self.warn(
                "handler-not-found",
                at,
                format!(
                    "the handler of {} is not known; all code below {} is taken instead",
                    subject.id,
                    shown(&directory)
                ),
                "make it a constant, or pass --parameter",
            );
            return Code::Directory(directory);
        };
        if let Some((asset, _)) = self.asset(subject)
            && let Some(code) = self.asset_code(subject, &asset, &text, runtime, at)
        {
            return code;
        }
        let entry_points = self.entry_points(subject);
        self.handler_in(subject, &directory, &text, runtime, &entry_points, at)
    }

    fn handler_in(
        &mut self,
        subject: &Subject<'_>,
        directory: &Path,
        handler: &str,
        runtime: Runtime,
        entry_points: &[String],
        at: Mark,
    ) -> Code {
        if let Some((file, function)) = locate(directory, handler, runtime, entry_points) {
            if !self.may_read(&file, at) {
                return Code::Elsewhere;
            }
            return Code::Handler { file, function, location: self.location(at) };
        }
        if !directory.exists() {
            let message =
                format!("the code of {} is not there: {} does not exist", subject.id, shown(directory));
            let problem = Diagnostic::new(Severity::Warning, "code-not-found", message)
                .at(self.location(at))
                .remedy("correct CodeUri, or check out the code")
                .unresolved();
            // What a build writes comes from sources elsewhere.
            return match output_name(directory).zip(file_names(handler, runtime)) {
                Some((name, (files, function))) => Code::Packed {
                    handler: handler.to_owned(),
                    files,
                    function,
                    directory: None,
                    names: vec![name],
                    problem,
                },
                None => {
                    self.diagnostics.push(problem);
                    Code::Elsewhere
                }
            };
        }
        let message = format!(
            "no source file for the handler `{handler}` of {} below {}; all code there is taken instead",
            subject.id,
            shown(directory)
        );
        self.warn("handler-not-found", at, message, "correct Handler or CodeUri");
        Code::Directory(directory.to_owned())
    }

    /// Code that is not in a directory: its handler tells what its file is called.
    fn packed(
        &mut self,
        subject: &Subject<'_>,
        handler: Option<&Node>,
        runtime: Runtime,
        Elsewhere { archive, problem }: Elsewhere,
    ) -> Code {
        let handler = handler.and_then(|handler| self.known_text(subject.stack, handler));
        let names = handler.as_deref().and_then(|handler| file_names(handler, runtime));
        match (handler, names) {
            (Some(handler), Some((files, function))) => {
                let names = self.names_of_code(subject);
                let directory = archive.as_deref().and_then(beside_archive);
                Code::Packed { handler, files, function, directory, names, problem }
            }
            _ => {
                self.diagnostics.push(problem);
                Code::Elsewhere
            }
        }
    }

    /// Names that the directory of packed code may have.
    fn names_of_code(&mut self, subject: &Subject<'_>) -> Vec<String> {
        let mut names = Vec::new();
        let place = subject.first(&["CodeUri", "Code"]);
        let place = place.map(|place| place.get("S3Key").or_else(|| place.get("Key")).unwrap_or(place));
        // Of a place that is known in part, the last parts say most.
        let values = place.map(|place| self.texts(subject.stack, place)).unwrap_or_default();
        for part in values.iter().flat_map(|value| value.parts().iter().rev()) {
            if let Part::Literal(text) = part {
                let segments =
                    text.rsplit('/').filter_map(|segment| Path::new(segment).file_stem()?.to_str());
                names.extend(segments.map(str::to_owned));
            }
        }
        let id = subject.id.rsplit([':', '.']).next().unwrap_or(subject.id);
        names.extend(id.split('[').map(|part| part.trim_end_matches(']').to_owned()));
        names.extend(subject.get(&["FunctionName"]).and_then(|name| self.known_text(subject.stack, name)));
        names
    }

    fn not_local(&self, at: Mark, message: String, remedy: &str) -> Diagnostic {
        Diagnostic::new(Severity::Warning, "code-not-local", message)
            .at(self.location(at))
            .remedy(remedy)
            .unresolved()
    }

    /// The directory of the code, and where the template says so.
    fn directory(&mut self, subject: &Subject<'_>) -> Result<(PathBuf, Mark), Box<Elsewhere>> {
        let template = self.template(subject.stack);
        // AWS CDK says which directory an asset was made from.
        if let Some(asset) = self.asset(subject) {
            return Ok(asset);
        }
        let property = subject.first(&["CodeUri", "Code"]);
        let Some(property) = property else {
            // SAM builds from the directory of the template when nothing else is said.
            return Ok((template.directory.clone(), subject.at));
        };
        let at = property.at;
        let local = match property.entries() {
            [] => self.known_text(subject.stack, property),
            _ => None,
        };
        match local {
            Some(local) if !local.contains("://") => {
                let path = join(&template.directory, &local);
                if path.is_file() || has_archive_extension(&local) {
                    let message =
                        format!("the code of {} is an archive ({local}); it is not read", subject.id);
                    let remedy = "name the directory of its source in the template, or pass it as PATH with --no-template";
                    let problem = self.not_local(at, message, remedy);
                    return Err(Box::new(Elsewhere { archive: Some(path), problem }));
                }
                Ok((path, at))
            }
            _ => {
                let message = format!(
                    "the code of {} is in a bucket, or not known from here; it is not read",
                    subject.id
                );
                let remedy =
                    "use the template before it is packaged, or pass the source as PATH with --no-template";
                Err(Box::new(Elsewhere { archive: None, problem: self.not_local(at, message, remedy) }))
            }
        }
    }

    /// What esbuild makes the code from.
    /// Source: "Building Node.js Lambda functions with esbuild" in the AWS SAM Developer Guide.
    fn entry_points(&mut self, subject: &Subject<'_>) -> Vec<String> {
        let metadata = subject.resource.get("Metadata");
        let points = metadata.and_then(|metadata| metadata.at_path(&["BuildProperties", "EntryPoints"]));
        points.map(Node::items).unwrap_or_default().iter().filter_map(Node::text).map(str::to_owned).collect()
    }

    fn inline(
        &mut self,
        subject: &Subject<'_>,
        inline: &Node,
        handler: Option<&Node>,
        runtime: Runtime,
    ) -> Code {
        let Some(source) = inline_source(inline) else {
            let message =
                format!("the code of {} is put together in the template; it is not read", subject.id);
            self.warn("code-not-local", inline.at, message, "make it one text, or move it into a file");
            return Code::Elsewhere;
        };
        if matches!(runtime, Runtime::Unknown | Runtime::Other) {
            return Code::Elsewhere;
        }
        let handler_text = handler.and_then(|handler| self.known_text(subject.stack, handler));
        let function = handler_text
            .as_deref()
            .and_then(|text| text.rsplit_once('.'))
            .map_or("handler", |(_, name)| name);
        let location = self.location(handler.map_or(subject.at, |handler| handler.at));
        self.text_of_code(subject, inline, &source, function, runtime, location)
    }

    /// Code that is the text of a property; none where that is put together.
    pub(super) fn inline_text(
        &mut self,
        subject: &Subject<'_>,
        inline: &Node,
        function: &str,
        runtime: Runtime,
        location: Location,
    ) -> Option<Code> {
        let source = inline_source(inline)?;
        Some(self.text_of_code(subject, inline, &source, function, runtime, location))
    }

    fn text_of_code(
        &mut self,
        subject: &Subject<'_>,
        inline: &Node,
        source: &str,
        function: &str,
        runtime: Runtime,
        location: Location,
    ) -> Code {
        let extension = if runtime == Runtime::Python { "py" } else { "js" };
        let place = self.location(inline.at);
        // The place of a block scalar is its first line.
        let lines = place.line.saturating_sub(1);
        let template = self.template(subject.stack);
        Code::Inline {
            name: format!("{}#{}.{extension}", shown(&template.path), subject.id),
            text: "\n".repeat(lines as usize) + source,
            function: function.to_owned(),
            location,
        }
    }

    /// An image: its command in the template or in the Dockerfile is the handler, the build context is the
    /// directory.
    fn image(&mut self, subject: &Subject<'_>) -> Code {
        let template = self.template(subject.stack);
        let metadata = subject.resource.get("Metadata");
        let context = metadata
            .and_then(|metadata| metadata.get("DockerContext").or_else(|| metadata.get("aws:asset:path")));
        let Some(context) = context else {
            let message = format!("the image of {} is not built from here; its code is not read", subject.id);
            let remedy =
                "add the Metadata that `sam build` reads, or pass the source as PATH with --no-template";
            let problem = self.not_local(subject.at, message, remedy);
            let command =
                subject.get(&["ImageConfig", "Command"]).and_then(|command| command.items().first());
            return self.packed(subject, command, Runtime::Unknown, Elsewhere { archive: None, problem });
        };
        let named = metadata.and_then(|metadata| {
            metadata.get("Dockerfile").or_else(|| metadata.get("aws:asset:dockerfile-path"))?.text()
        });
        let mut directory = join(&template.directory, context.text().unwrap_or("."));
        if self.asset(subject).is_some() {
            directory = self.asset_context(subject.stack, directory, named.unwrap_or("Dockerfile"));
        }
        if !self.may_read(&directory, context.at) {
            return Code::Elsewhere;
        }
        let dockerfile = join(&directory, named.unwrap_or("Dockerfile"));
        let text = if self.may_read(&dockerfile, context.at) {
            std::fs::read_to_string(&dockerfile).unwrap_or_default()
        } else {
            String::new()
        };
        let target = metadata.and_then(|metadata| metadata.get("DockerBuildTarget")?.text());
        let dockerfile = Dockerfile::read(&text, target);
        if let Some(program) = self.program_of_image(subject, &directory, dockerfile.clone()) {
            return program;
        }
        let stated = subject.get(&["ImageConfig", "Command"]);
        let command =
            stated.and_then(|command| command.items().first()).and_then(Node::text).map(str::to_owned);
        let at = stated.map_or(context.at, |stated| stated.at);
        let own = || dockerfile.command.as_ref()?.first()?.as_literal().map(str::to_owned);
        let Some(handler) = command.or_else(own).filter(|command| !command.ends_with("/sh")) else {
            let message = format!(
                "no command of the image of {} is known; all code below {} is taken instead",
                subject.id,
                shown(&directory)
            );
            self.warn(
                "handler-not-found",
                at,
                message,
                "add CMD to the Dockerfile or ImageConfig.Command to the template",
            );
            return Code::Directory(directory);
        };
        let mut places = vec![directory.clone()];
        places.extend(dockerfile.copied.iter().map(|source| join(&directory, source.trim_end_matches('*'))));
        // A file is copied without the directories that it is in.
        places.extend(
            dockerfile
                .copied
                .iter()
                .filter_map(|source| join(&directory, source).parent().map(Path::to_owned)),
        );
        places.retain(|place| place.is_dir());
        let found = places.iter().find(|place| locate(place, &handler, Runtime::Unknown, &[]).is_some());
        if found.is_none()
            && let Some((file, function)) = copied(&directory, &dockerfile, &handler)
            && self.may_read(&file, at)
        {
            return Code::Handler { file, function, location: self.location(at) };
        }
        let directory = found.cloned().unwrap_or(directory);
        self.handler_in(subject, &directory, &handler, Runtime::Unknown, &[], at)
    }

    /// The program that an image starts in place of a handler: a web server behind an adapter, a runtime of its own.
    fn program_of_image(
        &mut self,
        subject: &Subject<'_>,
        context: &Path,
        dockerfile: Dockerfile,
    ) -> Option<Code> {
        let words = |name: &str| {
            let items = subject.get(&["ImageConfig", name])?.items();
            Some(items.iter().filter_map(|item| item.text().map(Pattern::literal)).collect::<Vec<_>>())
        };
        let (roots, outside) = (&self.settings.roots, self.settings.allow_outside);
        let allowed = |path: &Path| outside || is_inside(path, roots);
        let image = Image { context: context.to_owned(), dockerfile, allowed: &allowed };
        let started = image.programs(words("EntryPoint"), words("Command"), &Variables::new());
        let mut files = started.files.into_iter();
        match (files.next(), files.next(), started.everything) {
            (Some(only), None, false) => Some(Code::Script(only)),
            (None, _, false) => None,
            _ => Some(Code::Directory(context.to_owned())),
        }
    }
}

/// The text of inline code: a scalar, what `Sub` makes it from, or a `Join` of lines.
fn inline_source(node: &Node) -> Option<String> {
    match node.intrinsic() {
        None => node.text().map(str::to_owned),
        Some(("Fn::Sub", text)) => text.text().or_else(|| text.items().first()?.text()).map(str::to_owned),
        Some(("Fn::Join", argument)) => {
            let [separator, lines] = argument.items() else { return None };
            let lines: Option<Vec<&str>> = lines.items().iter().map(Node::text).collect();
            Some(lines?.join(separator.text()?))
        }
        Some(_) => None,
    }
}

fn has_archive_extension(path: &str) -> bool {
    [".zip", ".jar", ".war"].iter().any(|extension| path.to_ascii_lowercase().ends_with(extension))
}

/// The file that a Dockerfile copies to where the handler says that its module is, and the function in it.
fn copied(directory: &Path, dockerfile: &Dockerfile, handler: &str) -> Option<(PathBuf, String)> {
    let (names, function) = file_names(handler, Runtime::Unknown)?;
    let sources = names.iter().flat_map(|name| dockerfile.sources(name));
    let file = sources.map(|source| join(directory, &source)).find(|source| source.is_file())?;
    Some((file, function))
}
