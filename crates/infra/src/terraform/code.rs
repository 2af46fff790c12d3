//! Where the source of a function is: behind an archive that the configuration makes, an object that it
//! uploads, an image that it builds, or beside an archive that something else makes.

use std::path::{Path, PathBuf};

use perm_infer_diagnostics::{Diagnostic, Severity};

use super::resources::{All, Resource, referred};
use super::{entry, scalar};
use crate::code::{Runtime, file_names, join, locate, shown};
use crate::tree::{Entry, Mark, Node};

/// How many resources may stand between a function and its source.
const MAX_STEPS: usize = 8;

/// What a function says about its code.
#[derive(Default)]
pub(super) struct FunctionCode {
    pub(super) properties: Vec<Entry>,
    pub(super) metadata: Vec<Entry>,
}

/// Where the way from a function to its code ends.
enum Traced {
    /// A directory of source.
    Source(Node),
    /// An archive that something else makes.
    Archive(Node),
}

impl All<'_> {
    pub(super) fn code(&mut self, function: &Resource, properties: &[Entry]) -> FunctionCode {
        let is_image = properties.iter().any(|property| property.key == "PackageType");
        if is_image || function.get("image_uri").is_some() {
            return self.image(function);
        }
        if let Some(text) = self.archived_text(function, properties) {
            return FunctionCode { properties: vec![entry("InlineCode", text)], metadata: Vec::new() };
        }
        let place = self.place(function, properties);
        FunctionCode { properties: vec![entry("CodeUri", place)], metadata: Vec::new() }
    }

    /// An image that the configuration builds, or that something else builds from a directory of its name.
    fn image(&mut self, function: &Resource) -> FunctionCode {
        let at = function.at;
        let mut code = FunctionCode {
            properties: vec![entry("PackageType", scalar("Image", at))],
            metadata: Vec::new(),
        };
        code.metadata = self.build_of(function.get("image_uri"));
        if code.metadata.is_empty()
            && let Some(place) = self.context_by_name(function)
        {
            self.found(function, at, &place, "the Dockerfile in a directory of its name");
            code.metadata.push(entry("DockerContext", scalar(&place, at)));
        }
        code
    }

    /// Where the configuration builds an image from.
    pub(super) fn build_of(&self, image: Option<&Node>) -> Vec<Entry> {
        let mut next = image;
        for _ in 0..MAX_STEPS {
            let Some(resource) = next.and_then(referred).and_then(|id| self.by_id(id)) else { break };
            let context = resource.get("build.context").or_else(|| resource.get("source_path"));
            if let Some(context) = context {
                let file = resource.get("build.dockerfile").or_else(|| resource.get("docker_file_path"));
                let file = file.map(|file| entry("Dockerfile", file.clone()));
                return [entry("DockerContext", context.clone())].into_iter().chain(file).collect();
            }
            next = resource.get("name");
        }
        Vec::new()
    }

    /// A directory with a Dockerfile that is called like the function or like the repository of its image.
    fn context_by_name(&self, function: &Resource) -> Option<String> {
        let mut names: Vec<String> = vec![label(function)];
        names.extend(function.get("function_name").and_then(Node::text).map(str::to_owned));
        let mut images: Vec<&Node> = function.get("image_uri").into_iter().collect();
        while let Some(image) = images.pop() {
            let repository = referred(image).and_then(|id| self.by_id(id));
            let repository = repository.and_then(|one| one.get("name")?.text());
            names.extend(repository.map(str::to_owned));
            names.extend(repository.and_then(|name| name.rsplit('/').next()).map(str::to_owned));
            let last = image.text().and_then(|text| text.rsplit('/').next()?.split([':', '@']).next());
            names.extend(last.filter(|name| !name.is_empty()).map(str::to_owned));
            if let Some((_, parts)) = image.intrinsic().filter(|(name, _)| *name == "Fn::Join") {
                images.extend(parts.items().get(1).map(Node::items).unwrap_or_default());
            }
        }
        let is_context = |place: &String| join(self.root, place).join("Dockerfile").is_file();
        names.retain(|name| !name.contains(".."));
        for base in
            [function.directory.clone(), format!("{}/..", function.directory), ".".into(), "..".into()]
        {
            let inner = ["", "src/", "lambda/", "lambdas/", "functions/", "services/", "images/"];
            let named = names.iter().flat_map(|name| {
                inner.iter().map(|inner| format!("{base}/{inner}{name}")).collect::<Vec<_>>()
            });
            if let Some(place) = named.into_iter().find(is_context) {
                return Some(place);
            }
        }
        None
    }

    fn found(&mut self, function: &Resource, at: Mark, place: &str, by: &str) {
        let place = shown(&join(self.root, place));
        let message = format!("the code of {} is taken from {place}, by {by}", function.shown);
        let note = Diagnostic::new(Severity::Note, "code-by-handler", message);
        self.diagnostics.push(note.at(self.files.location(at)));
    }

    fn by_id(&self, id: &str) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.id == id)
    }

    /// The text of the file with the handler, where the archive is made of texts.
    fn archived_text(&self, function: &Resource, properties: &[Entry]) -> Option<Node> {
        let mut next = function.get("filename").or_else(|| function.get("s3_key"))?;
        let mut archive = None;
        for _ in 0..MAX_STEPS {
            let made = match referred(next) {
                Some(id) => self.by_id(id)?,
                None => self.resources.iter().find(|resource| {
                    let output = resource.get("output_path").and_then(Node::text);
                    resource.kind == "archive_file" && output.is_some() && output == next.text()
                })?,
            };
            if !is_object(made) {
                archive = Some(made).filter(|made| made.kind == "archive_file");
                break;
            }
            next = made.get("source")?;
        }
        let archive = archive?;
        let handler = text_of(properties, "Handler")?;
        let runtime = Runtime::of(text_of(properties, "Runtime").unwrap_or_default());
        let (names, _) = file_names(handler, runtime)?;
        let is_handler = |name: Option<&Node>| {
            let name = name.and_then(Node::text).map(|name| name.trim_start_matches("./"));
            name.is_some_and(|name| names.iter().any(|one| one == name))
        };
        if is_handler(archive.get("source_content_filename")) {
            return archive.get("source_content").cloned();
        }
        let sources = archive.get("source").map(Node::items).unwrap_or_default();
        let own = sources.iter().find(|source| is_handler(source.get("filename")))?;
        own.get("content").cloned()
    }

    /// The directory of the source.
    fn place(&mut self, function: &Resource, properties: &[Entry]) -> Node {
        let stated =
            ["filename", "s3_key", "source_path", "local_existing_package", "s3_existing_package.key"]
                .iter()
                .find_map(|name| function.get(name));
        let Some(stated) = stated else {
            // In a bucket or a registry.
            return scalar("s3://", function.at);
        };
        let first = stated.items().first().unwrap_or(stated);
        let first = first.get("path").unwrap_or(first);
        let traced = self.traced(first, 0);
        let file = match &traced {
            Some(Traced::Source(source)) => return source.clone(),
            Some(Traced::Archive(archive)) => archive,
            None => first,
        };
        let handler = text_of(properties, "Handler");
        let runtime = Runtime::of(text_of(properties, "Runtime").unwrap_or_default());
        if let Some(handler) = handler
            && let Some(place) = self.beside(function, file, handler, runtime)
        {
            self.found(function, first.at, &place, &format!("its handler `{handler}`"));
            return scalar(&place, first.at);
        }
        match file.text() {
            // The name of an object in a bucket, too, tells what is in it.
            Some(_) => file.clone(),
            None => scalar("s3://", first.at),
        }
    }

    /// What a file was made from.
    fn traced(&self, file: &Node, steps: usize) -> Option<Traced> {
        if steps > MAX_STEPS {
            return None;
        }
        if let Some(id) = referred(file) {
            return self.traced_resource(self.by_id(id)?, steps);
        }
        let text = file.text()?;
        let path = join(Path::new(""), text);
        let archive = self.resources.iter().find(|resource| {
            let output = resource.get("output_path").and_then(Node::text);
            resource.kind == "archive_file"
                && output.is_some_and(|output| join(Path::new(""), output) == path)
        });
        let object = self
            .resources
            .iter()
            .find(|resource| is_object(resource) && resource.get("key").and_then(Node::text) == Some(text));
        if let Some(made) = archive.or(object) {
            return self.traced_resource(made, steps);
        }
        let place = join(self.root, text);
        // One file of source is a package of its own.
        let is_source = place.extension().and_then(|end| end.to_str());
        if is_source.is_some_and(|end| ["py", "js", "mjs", "cjs", "ts", "mts"].contains(&end)) {
            return Some(Traced::Source(parent(text, file)));
        }
        match place.is_dir() {
            true => Some(Traced::Source(file.clone())),
            false => Some(Traced::Archive(file.clone())),
        }
    }

    fn traced_resource(&self, resource: &Resource, steps: usize) -> Option<Traced> {
        if is_object(resource) {
            return self.traced(resource.get("source")?, steps + 1);
        }
        if resource.kind != "archive_file" {
            return None;
        }
        if let Some(directory) = resource.get("source_dir") {
            return Some(Traced::Source(directory.clone()));
        }
        if let Some((text, file)) = resource.get("source_file").and_then(|file| Some((file.text()?, file))) {
            return Some(Traced::Source(parent(text, file)));
        }
        resource.get("output_path").cloned().map(Traced::Archive)
    }

    /// Where the source of an archive that something else makes may be: a directory of its name, or one
    /// around it, in which the handler is.
    fn beside(&self, function: &Resource, file: &Node, handler: &str, runtime: Runtime) -> Option<String> {
        let known = file.text().unwrap_or_default();
        let archive = Path::new(known);
        let stem = archive.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let parent = archive.parent().map(shown).unwrap_or_default();
        let own = &function.directory;
        let mut places = Vec::new();
        if !known.is_empty() {
            places = vec![format!("{parent}/{stem}"), parent];
        }
        for base in [own.clone(), format!("{own}/.."), ".".to_owned(), "..".to_owned()] {
            let inner = [stem, "src", "lambda", "lambdas", "functions", "."];
            places.extend(inner.iter().map(|inner| format!("{base}/{inner}")));
            places.extend(
                ["src", "lambda", "lambdas", "functions"]
                    .iter()
                    .map(|inner| format!("{base}/{inner}/{stem}")),
            );
        }
        let has_handler = |place: &String| {
            let directory: PathBuf = join(self.root, place);
            locate(&directory, handler, runtime, &[]).is_some()
        };
        places.into_iter().filter(|place| !place.ends_with("//")).find(has_handler)
    }
}

/// The name that the configuration gives a function.
fn label(function: &Resource) -> String {
    let name = function.shown.rsplit('.').next().unwrap_or_default();
    name.split('[').next().unwrap_or_default().to_owned()
}

fn is_object(resource: &Resource) -> bool {
    matches!(resource.kind.as_str(), "aws_s3_object" | "aws_s3_bucket_object")
}

fn parent(text: &str, file: &Node) -> Node {
    let parent = Path::new(text).parent().map(shown);
    scalar(&parent.unwrap_or_else(|| ".".to_owned()), file.at)
}

fn text_of<'p>(properties: &'p [Entry], key: &str) -> Option<&'p str> {
    properties.iter().find(|property| property.key == key)?.value.text()
}
