//! Which upstream packages the catalogue is built from: `packages.toml`, read and written.

use crate::BuildError;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The pinned packages, in the order of `SOURCES.md`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Packages {
    pub(crate) botocore: Package,
    pub(crate) boto3: Package,
    pub(crate) iam_data: Package,
    pub(crate) community_map: Package,
    pub(crate) moto: Package,
    pub(crate) sam_translator: Package,
}

/// One upstream package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Package {
    /// Name in its registry.
    pub(crate) name: String,
    /// Its registry.
    pub(crate) registry: Registry,
    /// Exact version.
    pub(crate) version: String,
    /// File name of the archive.
    pub(crate) archive: String,
    /// SHA-256 of the archive.
    pub(crate) sha256: String,
    /// Licence of the package.
    pub(crate) licence: String,
    /// Which facts are taken.
    pub(crate) facts: String,
}

/// Where a package is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Registry {
    /// The Python Package Index.
    #[serde(rename = "PyPI")]
    Pypi,
    /// The npm registry.
    #[serde(rename = "npm")]
    Npm,
}

impl Registry {
    /// The name as people write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Registry::Pypi => "PyPI",
            Registry::Npm => "npm",
        }
    }
}

const HEADING: &str = "# The pinned upstream packages. `cargo run -p perm-infer-catalog-builder -- update` rewrites this file.\n\n";

impl Packages {
    /// Reads the file.
    pub(crate) fn read(path: &Path) -> Result<Packages, BuildError> {
        let failed = |error: &dyn std::fmt::Display| BuildError::new(format!("{}: {error}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| failed(&error))?;
        toml::from_str(&text).map_err(|error| failed(&error))
    }

    /// The text of the file.
    pub(crate) fn to_text(&self) -> Result<String, BuildError> {
        let text = toml::to_string(self).map_err(|error| BuildError::new(format!("packages: {error}")))?;
        Ok(format!("{HEADING}{text}"))
    }

    pub(crate) fn all(&self) -> [&Package; 6] {
        let Packages { botocore, boto3, iam_data, community_map, moto, sam_translator } = self;
        [botocore, boto3, iam_data, community_map, moto, sam_translator]
    }

    pub(crate) fn all_mut(&mut self) -> [&mut Package; 6] {
        let Packages { botocore, boto3, iam_data, community_map, moto, sam_translator } = self;
        [botocore, boto3, iam_data, community_map, moto, sam_translator]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_file_comes_back_byte_for_byte() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("packages.toml");
        let packages = Packages::read(&path).expect("reads");
        let text = std::fs::read_to_string(&path).expect("a file");
        assert_eq!(packages.to_text().expect("writes"), text);
    }

    #[test]
    fn a_malformed_file_is_named_with_line_and_column() {
        let path = std::env::temp_dir().join(format!("packages-{}.toml", std::process::id()));
        std::fs::write(&path, "[botocore]\nname = 3\n").expect("a file");
        let message = Packages::read(&path).expect_err("malformed").to_string();
        assert!(message.contains("packages-") && message.contains("line 2"), "{message}");
        std::fs::remove_file(&path).expect("removed");
    }
}
