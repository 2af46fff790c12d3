//! What a run is asked to do.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use perm_infer_analysis::{EntryPoint, Setting};
use perm_infer_catalog::ArnContext;
use perm_infer_infra::{Environment, Need, Source};
use perm_infer_policy::{Part, Pattern};
use perm_infer_scan::{ScanRequest, ScanResult};
use perm_infer_sdk::{EnvironmentPart, StatedVariable};

use crate::keys::Keys;

/// Which calls count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Confidence {
    /// Only calls of what is proven to be an SDK client.
    Certain,
    /// Also calls that fit an operation of a service in use by their names.
    #[default]
    Likely,
}

/// An entry point as the user names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntrySpec {
    /// The file, as a path or the end of one.
    pub file: String,
    /// The function or method by its dotted name; none for the whole file.
    pub function: Option<String>,
}

/// Everything that decides the result.
#[derive(Clone, Default)]
pub struct Request<'a> {
    /// What to read.
    pub scan: ScanRequest<'a>,
    /// Values of environment variables.
    pub environment: Environment,
    /// Partition, region and account of ARNs.
    pub arn: ArnContext,
    /// Customer-managed keys of encrypted resources.
    pub keys: Keys,
    /// Where to start; empty for everything.
    pub entries: Vec<EntrySpec>,
    /// Which calls count.
    pub confidence: Confidence,
    /// Which templates are read, and how.
    pub deployment: DeploymentRequest,
    /// Permissions that the user asks for because code runs in AWS Lambda.
    pub runtime_needs: Vec<Need>,
    /// The service that assumes the role of the code, as a principal, where trust policies are asked for. What a
    /// template defines is assumed by the service that runs it.
    pub trusted: Option<String>,
    /// Threads to use; 0 means one for each core. The result does not depend on it.
    pub threads: usize,
}

/// Which templates are read, and what the user says about them.
#[derive(Clone, Debug, Default)]
pub struct DeploymentRequest {
    /// Templates that the user names.
    pub templates: Vec<PathBuf>,
    /// Whether templates below the scanned paths are found.
    pub discover: bool,
    /// The only functions that count, by name; empty for all, and for code that belongs to none.
    pub functions: Vec<String>,
    /// Values of parameters.
    pub parameters: BTreeMap<String, String>,
    /// The name of the stack.
    pub stack_name: Option<String>,
    /// Whether code outside of the scanned paths is read.
    pub allow_outside: bool,
    /// Whether the needs of a unit include what managed policies of its role give already.
    pub with_covered: bool,
    /// Whether policy templates of AWS SAM stand for what they cover.
    pub sam_templates: bool,
}

/// What code needs from its role when it runs in AWS Lambda, where no template says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuntimeNeeds {
    /// Network interfaces in a VPC.
    pub vpc: bool,
    /// A log group.
    pub logs: bool,
    /// Active tracing.
    pub xray: bool,
}

impl RuntimeNeeds {
    /// The permissions.
    #[must_use]
    pub fn needs(self, arn: &ArnContext) -> Vec<Need> {
        perm_infer_infra::runtime_needs(
            self.logs,
            self.vpc,
            self.xray,
            [&arn.partition, &arn.region, &arn.account],
        )
    }
}

impl Request<'_> {
    pub(crate) fn threads(&self) -> usize {
        match self.threads {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            threads => threads,
        }
    }
}

/// Why a run could not start.
#[derive(Debug)]
pub enum InferError {
    /// An entry point names a file that was not read.
    NoSuchEntryFile(String),
    /// An entry point names a function that its file does not define.
    NoSuchEntryFunction {
        /// The file.
        file: String,
        /// The function.
        function: String,
        /// Functions that the file does define.
        known: Vec<String>,
    },
    /// No template defines a function of this name.
    NoSuchFunction {
        /// The name.
        name: String,
        /// The functions that there are.
        known: Vec<String>,
    },
    /// The system refused something.
    Internal(String),
}

impl fmt::Display for InferError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InferError::NoSuchEntryFile(file) => write!(
                f,
                "--entry: no file `{file}` that uses an AWS SDK was found; give the path as it is under PATH"
            ),
            InferError::NoSuchEntryFunction { file, function, known } => {
                write!(f, "--entry: {file} defines no function `{function}`")?;
                if known.is_empty() { Ok(()) } else { write!(f, "; it defines {}", known.join(", ")) }
            }
            InferError::NoSuchFunction { name, known } => {
                write!(f, "--function: no template defines a function `{name}`")?;
                if known.is_empty() { Ok(()) } else { write!(f, "; there are {}", known.join(", ")) }
            }
            InferError::Internal(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for InferError {}

impl EntrySpec {
    /// Reads `FILE` or `FILE:FUNCTION`. A colon followed by a path separator belongs to the file.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text.rsplit_once(':') {
            Some((file, function)) if !file.is_empty() && !function.contains(['/', '\\']) => {
                EntrySpec { file: file.to_owned(), function: Some(function.to_owned()) }
            }
            _ => EntrySpec { file: text.to_owned(), function: None },
        }
    }

    pub(crate) fn resolve(&self, scanned: &ScanResult) -> Result<EntryPoint, InferError> {
        let wanted = self.file.replace('\\', "/");
        let wanted = wanted.trim_start_matches("./");
        let ends_with = |path: &str| path.strip_suffix(wanted).is_some_and(|rest| rest.ends_with('/'));
        let exact = scanned.files.iter().position(|file| file.path.trim_start_matches("./") == wanted);
        let file = exact
            .or_else(|| scanned.files.iter().position(|file| ends_with(&file.path)))
            .ok_or_else(|| InferError::NoSuchEntryFile(self.file.clone()))?;
        if let Some(function) = &self.function {
            let facts = &scanned.files[file].facts;
            let known: Vec<String> = facts
                .functions
                .iter()
                .skip(1)
                .filter(|function| function.name.is_some())
                .map(|function| function.qualified_name.clone())
                .collect();
            // A handler may also be a variable that holds a wrapped function: any name of the file will do.
            if facts.names.find(function).is_none() && !known.contains(function) {
                return Err(InferError::NoSuchEntryFunction {
                    file: self.file.clone(),
                    function: function.clone(),
                    known,
                });
            }
        }
        Ok(EntryPoint { function: self.function.clone(), ..EntryPoint::file(file) })
    }
}

/// Environment variables as the library models ask for them.
pub(crate) struct Variables<'a>(pub(crate) &'a Environment);

impl perm_infer_sdk::Environment for Variables<'_> {
    fn get(&self, name: &str) -> Option<StatedVariable> {
        let part = |part: &Part| match part {
            Part::Literal(text) => EnvironmentPart::Text(text.clone()),
            Part::Raw(reference) => EnvironmentPart::Reference(reference.clone()),
            Part::Any | Part::AnyChars(_) => EnvironmentPart::Unknown,
        };
        let parts = |value: &Pattern| value.parts().iter().map(part).collect();
        let variable = self.0.get(name)?;
        let stated = match &variable.source {
            Source::Option => None,
            Source::File(location) => Some(location.clone()),
        };
        let setting = Setting { name: name.to_owned(), stated, written: variable.written.clone() };
        Some(StatedVariable {
            alternatives: variable.values.iter().map(parts).collect(),
            setting: Arc::new(setting),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_a_file_or_a_function_in_it() {
        let entry = EntrySpec::parse("src/app.py:Handler.run");
        assert_eq!((entry.file.as_str(), entry.function.as_deref()), ("src/app.py", Some("Handler.run")));
        assert_eq!(EntrySpec::parse("C:\\app.py").function, None);
    }
}
