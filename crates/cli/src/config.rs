//! From arguments to one resolved configuration: values are checked, files of variables and standard
//! input are read. Nothing is scanned here.

use std::io::Read;
use std::path::{Path, PathBuf};

use perm_infer_infer::{
    ArnContext, Confidence, Diagnostic, EntrySpec, Environment, Keys, MAX_FILE_BYTES, Pattern, Request, Root,
    ScanRequest, Severity, parse_key,
};

use crate::args::{self, ReadArgs, When};

/// How a run talks to the user.
#[derive(Clone, Debug)]
pub(crate) struct Talk {
    pub(crate) quiet: bool,
    pub(crate) verbose: bool,
    pub(crate) progress: When,
}

/// Everything that is decided before a run.
pub(crate) struct Config {
    pub(crate) request: Request<'static>,
    /// Where the result goes; `None` for standard output.
    pub(crate) output: Option<PathBuf>,
    /// Whether each function gets a document of its own.
    pub(crate) per_function: bool,
    pub(crate) strict: bool,
    pub(crate) talk: Talk,
}

impl Config {
    /// Resolves arguments.
    ///
    /// # Errors
    /// When a value makes no sense or a file that it names cannot be read; one message for each.
    pub(crate) fn new(paths: &[PathBuf], args: &ReadArgs) -> Result<Self, Vec<Diagnostic>> {
        let mut errors = Vec::new();
        let arn = ArnContext {
            partition: checked(&args.partition, &PARTITION, &mut errors),
            region: checked(&args.region, &REGION, &mut errors),
            account: checked(&args.account, &ACCOUNT, &mut errors),
        };
        let keys = keys(args.kms.as_deref(), &mut errors);
        let environment = environment(args, &mut errors);
        let roots = roots(paths, args, &mut errors);
        let deployment = args.deployment.request(&mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        let scan = ScanRequest {
            roots,
            exclude: args.exclude.clone(),
            include_tests: args.include_tests,
            languages: args.language.clone(),
            prefilter: !args.no_prefilter,
            beside: None,
            shared: None,
            progress: None,
        };
        let runtime_needs = args.deployment.runtime_needs(&arn);
        let confidence = match args.confidence {
            args::Confidence::Certain => Confidence::Certain,
            args::Confidence::Likely => Confidence::Likely,
        };
        let entries = args.entry.iter().map(|entry| EntrySpec::parse(entry)).collect();
        let threads = usize::from(args.threads);
        Ok(Config {
            request: Request {
                scan,
                environment,
                arn,
                keys,
                entries,
                confidence,
                deployment,
                runtime_needs,
                trusted: None,
                threads,
            },
            per_function: args.deployment.per_function,
            output: args.output.clone().filter(|path| path != Path::new("-")),
            strict: args.strict,
            talk: Talk { quiet: args.quiet, verbose: args.verbose, progress: args.progress },
        })
    }
}

/// A message about the command line.
pub(crate) fn usage_error(message: impl Into<String>, remedy: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Severity::Error, "usage", message).remedy(remedy)
}

/// One field of an ARN that the user can set.
struct Field {
    option: &'static str,
    is_valid: fn(&str) -> bool,
    remedy: &'static str,
}

const PARTITION: Field = Field {
    option: "--partition",
    is_valid: |text| text == "aws" || text.strip_prefix("aws-").is_some_and(is_dashed),
    remedy: "use aws, aws-cn, aws-us-gov or another partition, or * for any",
};

const REGION: Field = Field {
    option: "--region",
    is_valid: |text| {
        let number = text.rsplit_once('-').map(|(_, number)| number);
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        is_dashed(text) && text.matches('-').count() >= 2 && number.is_some_and(is_number)
    },
    remedy: "use a region such as eu-west-1, or * for any",
};

const ACCOUNT: Field = Field {
    option: "--account",
    is_valid: |text| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()),
    remedy: "use the 12 digits of the account id, or * for any",
};

/// Words of small letters and digits with single dashes between them.
fn is_dashed(text: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    text.split('-').all(is_word)
}

/// The value as a pattern. A wildcard inside a value would widen the policy, so only a lone `*` is one.
fn checked(value: &str, field: &Field, errors: &mut Vec<Diagnostic>) -> Pattern {
    if value == "*" {
        return Pattern::any();
    }
    if !(field.is_valid)(value) {
        errors.push(usage_error(format!("{} cannot be `{value}`", field.option), field.remedy));
    }
    Pattern::literal(value)
}

/// The key of everything, when one is given.
fn keys(option: Option<&str>, errors: &mut Vec<Diagnostic>) -> Keys {
    let Some(text) = option.filter(|text| *text != "none") else { return Keys::default() };
    match parse_key(text) {
        Ok(key) => Keys { every: Some(key), ..Keys::default() },
        Err(error) => {
            errors.push(usage_error(
                format!("--kms: {error}"),
                "use the ARN of a key or alias, alias/NAME, a key id, or none",
            ));
            Keys::default()
        }
    }
}

fn environment(args: &ReadArgs, errors: &mut Vec<Diagnostic>) -> Environment {
    let mut environment = Environment::default();
    for file in &args.env_file {
        errors.extend(environment.add_file(file).err().map(Diagnostic::from));
    }
    for option in &args.var {
        errors.extend(environment.add_option(option).err().map(Diagnostic::from));
    }
    environment
}

fn roots(paths: &[PathBuf], args: &ReadArgs, errors: &mut Vec<Diagnostic>) -> Vec<Root> {
    let mut roots = Vec::new();
    let mut is_input_read = false;
    for path in paths {
        if path != Path::new("-") {
            roots.push(Root::Path(path.clone()));
        } else if !is_input_read {
            is_input_read = true;
            match standard_input(&args.language) {
                Ok(root) => roots.push(root),
                Err(error) => errors.push(error),
            }
        }
    }
    roots
}

/// Reads standard input, one byte more than a file may have: the scan then says that it is too large.
fn standard_input(languages: &[String]) -> Result<Root, Diagnostic> {
    let [language] = languages else {
        let message = "reading standard input needs exactly one --language";
        return Err(usage_error(message, "say for example: perm-infer - --language python"));
    };
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| {
        let message = format!("cannot read standard input: {error}");
        Diagnostic::new(Severity::Error, "unreadable-file", message).remedy("pass the file as PATH")
    })?;
    Ok(Root::Text { name: input_name(language), language: Some(language.clone()), bytes })
}

/// The name to show for standard input. Its extension decides between dialects of one grammar.
fn input_name(language: &str) -> String {
    match language.to_ascii_lowercase().as_str() {
        "typescript" => "<stdin>.ts".to_owned(),
        extension @ ("ts" | "mts" | "cts" | "tsx") => format!("<stdin>.{extension}"),
        _ => "<stdin>".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is_taken(field: &Field, value: &str) -> bool {
        let mut errors = Vec::new();
        checked(value, field, &mut errors);
        errors.is_empty()
    }

    #[test]
    fn real_regions_accounts_and_partitions_are_taken() {
        for region in ["eu-west-1", "us-gov-east-1", "us-isob-east-1", "eusc-de-east-1", "*"] {
            assert!(is_taken(&REGION, region), "{region}");
        }
        for partition in ["aws", "aws-cn", "aws-us-gov", "aws-iso-b", "*"] {
            assert!(is_taken(&PARTITION, partition), "{partition}");
        }
        assert!(is_taken(&ACCOUNT, "012345678901"));
    }

    #[test]
    fn wildcards_inside_values_and_other_nonsense_are_refused() {
        for region in ["", "eu-*", "eu-west", "eu-west-?", "EU-WEST-1", "eu--west-1", "eu-west-1:", "${x}"] {
            assert!(!is_taken(&REGION, region), "{region}");
        }
        for account in ["", "123", "12345678901a", "************", "1234567890123"] {
            assert!(!is_taken(&ACCOUNT, account), "{account}");
        }
        for partition in ["", "azure", "aws-", "aws*", "aws-*"] {
            assert!(!is_taken(&PARTITION, partition), "{partition}");
        }
    }

    #[test]
    fn a_lone_star_is_any_and_everything_else_is_literal() {
        assert!(checked("*", &REGION, &mut Vec::new()).is_any());
        assert_eq!(checked("eu-west-1", &REGION, &mut Vec::new()).as_literal(), Some("eu-west-1"));
    }
}
