//! Code that AWS CDK copied into its output: the metadata of a function name the copy, and the copy leads to
//! the source.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use perm_infer_diagnostics::{Diagnostic, Severity};
use perm_infer_policy::Pattern;

use super::function::Subject;
use super::{Reader, StackId};
use crate::cdk::{self, Found, Origins};
use crate::code::{Runtime, join, locate, shown};
use crate::model::Code;
use crate::tree::{Mark, Node};

impl Reader<'_> {
    /// The copy that a function was made from, as its metadata say.
    pub(super) fn asset(&self, subject: &Subject<'_>) -> Option<(PathBuf, Mark)> {
        let asset = subject.resource.at_path(&["Metadata", "aws:asset:path"])?;
        Some((join(&self.template(subject.stack).directory, asset.text()?), asset.at))
    }

    /// The path of the construct that a resource belongs to: `Stack/Save/Resource`.
    fn construct(resource: &Node) -> &str {
        resource.at_path(&["Metadata", "aws:cdk:path"]).and_then(Node::text).unwrap_or_default()
    }

    /// The source of a handler whose copy is in an asset; the copy itself where nothing leads further.
    pub(super) fn asset_code(
        &mut self,
        subject: &Subject<'_>,
        asset: &Path,
        handler: &str,
        runtime: Runtime,
        at: Mark,
    ) -> Option<Code> {
        let (copy, function) = locate(asset, handler, runtime, &[])?;
        let module = copy.strip_prefix(asset).unwrap_or(&copy).to_owned();
        let construct = Self::construct(subject.resource);
        let found = self.origins(subject.stack).source(&copy, &module, construct);
        let location = self.location(at);
        let Some((file, how)) = found else {
            if !self.may_read(&copy, at) {
                return Some(Code::Elsewhere);
            }
            let message = format!(
                "no source of the project is known for {}; its copy {} is read",
                subject.id,
                shown(&copy)
            );
            self.note("code-of-assembly", at, message, "turn on source maps for the bundler");
            return Some(Code::Handler { file: copy, function, location });
        };
        if how == Found::ByName {
            let message = format!("{} is taken for the code of {}, by its name", shown(&file), subject.id);
            let note = Diagnostic::new(Severity::Note, "code-by-handler", message).at(location.clone());
            self.diagnostics.push(note);
        }
        match self.may_read(&file, at) {
            true => Some(Code::Handler { file, function, location }),
            false => Some(Code::Elsewhere),
        }
    }

    /// The source of a file that is an asset, by where it is uploaded to: `s3://bucket/hash.js`.
    pub(super) fn file_asset(&mut self, stack: StackId, place: &Pattern) -> Option<PathBuf> {
        let name = place.literal_suffix().rsplit('/').next()?;
        let hash = name.split('.').next().filter(|hash| hash.len() >= 4)?.to_owned();
        let manifest = self.asset_manifest(stack)?;
        let path = manifest.at_path(&["files", &hash, "source", "path"])?.text()?;
        let copy = join(&self.template(stack).directory, path);
        let module = PathBuf::from(copy.file_name()?);
        let source = self.origins(stack).source(&copy, &module, "").map(|(file, _)| file);
        Some(source.unwrap_or(copy))
    }

    fn asset_manifest(&mut self, stack: StackId) -> Option<Node> {
        let template = self.template(stack);
        let name = template.path.file_name()?.to_str()?.strip_suffix(".template.json")?;
        let manifest = join(&template.directory, &format!("{name}.assets.json"));
        manifest.is_file().then(|| self.read_document(&manifest).ok())?
    }

    /// The copy of the build context of an image whose tag is the hash of an asset, and its Dockerfile there.
    /// Source: "AssetManifest" in the cloud assembly schema of AWS CDK, `dockerImages`.
    pub(super) fn image_asset(&mut self, stack: StackId, image: &Pattern) -> Option<(PathBuf, String)> {
        let hash = image.literal_suffix().rsplit(':').next().filter(|hash| hash.len() >= 4)?.to_owned();
        let template = self.template(stack);
        let manifest = self.asset_manifest(stack)?;
        let source = manifest.at_path(&["dockerImages", &hash, "source"])?;
        let file = source.get("dockerFile").and_then(Node::text).unwrap_or("Dockerfile").to_owned();
        Some((join(&template.directory, source.get("directory")?.text()?), file))
    }

    /// The build context that the copy of one was made from.
    pub(super) fn asset_context(&mut self, stack: StackId, asset: PathBuf, dockerfile: &str) -> PathBuf {
        let file = join(&asset, dockerfile);
        self.origins(stack).directory_with(&file).unwrap_or(asset)
    }

    fn origins(&mut self, stack: StackId) -> Rc<Origins> {
        let directory = self.template(stack).directory.clone();
        let roots = &self.settings.roots;
        let origins =
            self.origins.entry(directory.clone()).or_insert_with(|| Rc::new(Origins::of(&directory, roots)));
        origins.clone()
    }

    /// Whether a function is one that AWS CDK brings along; told as a note.
    pub(super) fn is_provider(&mut self, id: &str, resource: &Node, at: Mark) -> bool {
        let handler = resource.at_path(&["Properties", "Handler"]).and_then(Node::text).unwrap_or_default();
        let construct = Self::construct(resource);
        if construct.is_empty() || !cdk::is_provider(construct, handler) {
            return false;
        }
        let message = format!("{id} ({construct}) is a function of AWS CDK itself; its role comes with it");
        let note = self.fact("provider-function", at, message);
        self.diagnostics.push(note);
        true
    }
}
