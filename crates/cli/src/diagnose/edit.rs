//! The edits of templates that add the statements of diagnoses, one denial after the other.

use std::collections::BTreeMap;
use std::path::PathBuf;

use perm_infer_edit::{Edit, FunctionAt, Source, Template, TemplateStatement, edited};
use perm_infer_infer::{Diagnostic, Inference, Language, References, UnitInference};
use perm_infer_report::{template_diff, template_statements};
use perm_infer_review::diagnose::{DenyingPolicy, Diagnosis};

use crate::apply::{self, Planned};

/// Templates as they are and as they become.
pub(crate) struct Edits<'r> {
    references: &'r References,
    /// Directories in which files may be written.
    roots: Vec<PathBuf>,
    allow_outside: bool,
    files: BTreeMap<String, Planned>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl<'r> Edits<'r> {
    pub(crate) fn new(references: &'r References, roots: Vec<PathBuf>, allow_outside: bool) -> Edits<'r> {
        Edits { references, roots, allow_outside, files: BTreeMap::new(), diagnostics: Vec::new() }
    }

    /// Adds what a diagnosis says the role of a unit lacks, and gives the change as a patch; nothing where nothing is to
    /// be added to a template.
    pub(crate) fn add(&mut self, unit: &UnitInference, diagnosis: &Diagnosis) -> Option<String> {
        let statements = statements(unit, diagnosis);
        if statements.is_empty() {
            return None;
        }
        match self.change(unit, &statements) {
            Ok(patch) => Some(patch).filter(|patch| !patch.is_empty()),
            Err(problem) => {
                self.diagnostics.push(*problem);
                None
            }
        }
    }

    fn change(
        &mut self,
        unit: &UnitInference,
        statements: &[TemplateStatement],
    ) -> Result<String, Box<Diagnostic>> {
        let template = match unit.language {
            Language::Terraform => apply::directory(&unit.location.path),
            _ => match self.references.template(&unit.scope) {
                Some(template) => template.to_owned(),
                None => return Ok(String::new()),
            },
        };
        let paths = apply::sources(unit.language, &template);
        for path in &paths {
            if !self.files.contains_key(path) {
                let file = apply::read(path, &self.roots, self.allow_outside)?;
                self.files.insert(path.clone(), file);
            }
        }
        let before: BTreeMap<&String, String> =
            paths.iter().filter_map(|path| Some((path, self.files.get(path)?.new.clone()))).collect();
        let edits = self.edits(unit, &paths, statements)?;
        for path in &paths {
            if let Some(file) = self.files.get_mut(path) {
                file.new = edited(path, &file.new, &edits);
            }
        }
        let patches = before.iter().filter_map(|(path, old)| {
            let new = &self.files.get(*path)?.new;
            (old != new).then(|| template_diff(path, old, new, false))
        });
        Ok(patches.collect())
    }

    fn edits(
        &self,
        unit: &UnitInference,
        paths: &[String],
        statements: &[TemplateStatement],
    ) -> Result<Vec<Edit>, Box<Diagnostic>> {
        let source =
            |path: &String| Some(Source { path: path.clone(), text: self.files.get(path)?.new.clone() });
        let template = Template::read(unit.language, paths.iter().filter_map(source).collect())?;
        let role = unit.role.as_ref().map(|role| role.name.as_str());
        let place = template.place_of(FunctionAt { name: &unit.name, location: &unit.location, role })?;
        template.add(&place, statements)
    }

    /// The files that are to be written.
    pub(crate) fn changed(&self) -> impl Iterator<Item = &Planned> {
        self.files.values().filter(|file| file.old != file.new)
    }
}

/// What the role lacks in the terms of the template: what the code needs where that is known, or else the very request.
fn statements(unit: &UnitInference, diagnosis: &Diagnosis) -> Vec<TemplateStatement> {
    let added = diagnosis.additions.iter().filter(|addition| addition.to == DenyingPolicy::Identity);
    let written = if diagnosis.wanted.is_empty() {
        added.map(|addition| TemplateStatement::from(&addition.statement)).collect()
    } else if added.count() == 0 {
        Vec::new()
    } else {
        let requirements =
            diagnosis.wanted.iter().filter_map(|&need| unit.inference.requirements.get(need)).cloned();
        let inference = Inference { requirements: requirements.collect(), ..unit.inference.clone() };
        template_statements(&[&UnitInference { inference, ..unit.clone() }])
    };
    // Names are for statements of the same policy, which others wrote.
    written.into_iter().map(|statement| TemplateStatement { sid: None, ..statement }).collect()
}
