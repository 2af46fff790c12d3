//! Getting at the upstream packages: how they are downloaded, verified, unpacked and read. Unpacking is left to `python3 -m zipfile` and `tar`, which every developer here has.

use crate::BuildError;
use crate::packages::{Package, Packages, Registry};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The hash of some bytes in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// Verifies a package's archive under `inputs` and unpacks it once; gives the unpacked directory.
pub(crate) fn unpacked(package: &Package, inputs: &Path) -> Result<PathBuf, BuildError> {
    let archive = inputs.join(&package.archive);
    let bytes = std::fs::read(&archive).map_err(|error| {
        BuildError::new(format!(
            "{}: {error}; download it with `cargo run -p perm-infer-catalog-builder -- fetch --inputs {}`",
            archive.display(),
            inputs.display()
        ))
    })?;
    let found = sha256(&bytes);
    if found != package.sha256 {
        return Err(BuildError::new(format!(
            "{}: SHA-256 is {found}, expected {}; delete the file and fetch it again, or pin the new version in packages.toml",
            archive.display(),
            package.sha256
        )));
    }
    let directory = inputs.join("unpacked").join(&package.archive);
    if !directory.join(".complete").exists() {
        unpack(package, &archive, &directory)?;
    }
    Ok(directory)
}

fn unpack(package: &Package, archive: &Path, directory: &Path) -> Result<(), BuildError> {
    let failed = |error: std::io::Error| BuildError::new(format!("{}: {error}", directory.display()));
    std::fs::create_dir_all(directory).map_err(failed)?;
    let mut command = match package.registry {
        Registry::Pypi => {
            let mut command = Command::new("python3");
            command.args(["-m", "zipfile", "-e"]).arg(archive).arg(directory);
            command
        }
        Registry::Npm => {
            let mut command = Command::new("tar");
            command.arg("-xzf").arg(archive).arg("-C").arg(directory);
            command
        }
    };
    run(&mut command)?;
    std::fs::write(directory.join(".complete"), &package.sha256).map_err(failed)
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Result<(), BuildError> {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(BuildError::new(format!("`{program}` failed with {status}"))),
        Err(error) => Err(BuildError::new(format!("`{program}` could not be run: {error}; install it"))),
    }
}

/// Downloads all packages and verifies them.
pub(crate) fn fetch(packages: &Packages, inputs: &Path) -> Result<String, BuildError> {
    std::fs::create_dir_all(inputs)
        .map_err(|error| BuildError::new(format!("{}: {error}", inputs.display())))?;
    for package in packages.all() {
        if !inputs.join(&package.archive).exists() {
            let mut command = match package.registry {
                Registry::Pypi => {
                    let mut command = Command::new("python3");
                    command.args(["-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--dest"]);
                    command.arg(inputs).arg(format!("{}=={}", package.name, package.version));
                    command
                }
                Registry::Npm => {
                    let mut command = Command::new("npm");
                    command.args(["pack", "--pack-destination"]).arg(inputs);
                    command.arg(format!("{}@{}", package.name, package.version));
                    command
                }
            };
            run(&mut command)?;
        }
        unpacked(package, inputs)?;
    }
    Ok(format!("{} packages are in {}", packages.all().len(), inputs.display()))
}

/// An error of a file, with its name.
pub(crate) fn file_error(path: &Path, error: &std::io::Error) -> BuildError {
    BuildError::new(format!("{}: {error}", path.display()))
}

/// Reads a JSON file, compressed when only `<path>.gz` is there.
pub(crate) fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, BuildError> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(_) => {
            let compressed = PathBuf::from(format!("{}.gz", path.display()));
            let file = std::fs::File::open(&compressed)
                .map_err(|error| BuildError::new(format!("{}: {error}", compressed.display())))?;
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(file), &mut bytes)
                .map_err(|error| BuildError::new(format!("{}: {error}", compressed.display())))?;
            bytes
        }
    };
    serde_json::from_slice(&bytes).map_err(|error| BuildError::new(format!("{}: {error}", path.display())))
}

/// The names in a directory, sorted.
pub(crate) fn names_in(directory: &Path) -> Result<Vec<String>, BuildError> {
    let failed = |error: std::io::Error| BuildError::new(format!("{}: {error}", directory.display()));
    let mut names = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(failed)? {
        names.push(entry.map_err(failed)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_of_another_hash_is_refused_and_not_unpacked() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("packages.toml");
        let Packages { boto3, botocore, .. } = Packages::read(&path).expect("packages");
        let inputs = std::env::temp_dir().join(format!("catalog-sources-{}", std::process::id()));
        std::fs::create_dir_all(&inputs).expect("a directory");
        std::fs::write(inputs.join(&boto3.archive), b"not a wheel").expect("a file");
        let message = unpacked(&boto3, &inputs).expect_err("the wrong hash").to_string();
        assert!(message.contains(&boto3.sha256) && message.contains("fetch it again"), "{message}");
        assert!(!inputs.join("unpacked").exists());
        let message = unpacked(&botocore, &inputs).expect_err("a missing package").to_string();
        assert!(message.contains("fetch --inputs"), "{message}");
        std::fs::remove_dir_all(&inputs).expect("removed");
    }
}
