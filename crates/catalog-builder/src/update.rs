//! The `build` command: reads the packages and overrides, and writes what changed.

use crate::output::{self, Files};
use crate::sources::{self, names_in, unpacked};
use crate::{BuildError, boto3_resources, botocore, community_map, iam_data, infer, overrides};
use std::collections::BTreeSet;
use std::path::Path;

/// Builds the data directory; with `check`, only compares. Gives a summary line.
pub(crate) fn build(inputs: &Path, data: &Path, check: bool) -> Result<String, BuildError> {
    let botocore_package = unpacked(&sources::BOTOCORE, inputs)?;
    let apis = botocore::read(&botocore_package)?;
    let irregular_methods = botocore::irregular_methods(&botocore_package)?;
    let mut iam = iam_data::read(&unpacked(&sources::IAM_DATA, inputs)?)?;
    let community = community_map::CommunityMap::read(&unpacked(&sources::COMMUNITY_MAP, inputs)?)?;
    let resources = boto3_resources::read(&unpacked(&sources::BOTO3, inputs)?, &apis)?;
    let overrides = overrides::read(&data.join("overrides"))?;
    overrides.apply_to_iam(&mut iam)?;
    let known: BTreeSet<&str> = apis.iter().map(|api| api.name.as_str()).collect();
    if let Some(unknown) = overrides.services.keys().find(|name| !known.contains(name.as_str())) {
        return Err(BuildError::new(format!(
            "overrides: botocore has no service `{unknown}`; correct the name or delete its overrides"
        )));
    }
    let facts = infer::Facts {
        iam: &iam,
        community: &community,
        irregular_methods: &irregular_methods,
        overrides: &overrides,
    };
    let services = apis.iter().map(|api| infer::service(api, &facts)).collect::<Result<Vec<_>, _>>()?;
    let mut files = output::files(&services, iam.values(), &resources);
    let hashes = output::hashes(&files, &override_files(&data.join("overrides"))?);
    files.insert("HASHES".to_owned(), hashes);
    let changed = write(data, &files, check)?;
    if check && !changed.is_empty() {
        return Err(BuildError::new(format!(
            "{} files differ, first {}; run `build`",
            changed.len(),
            changed[0]
        )));
    }
    let operations: usize = services.iter().map(|service| service.operations.len()).sum();
    Ok(format!("{} services, {operations} operations; {} files changed", services.len(), changed.len()))
}

fn override_files(directory: &Path) -> Result<Files, BuildError> {
    let mut files = Files::new();
    for name in names_in(directory)? {
        let path = directory.join(&name);
        let text = std::fs::read_to_string(&path)
            .map_err(|error| BuildError::new(format!("{}: {error}", path.display())))?;
        files.insert(format!("overrides/{name}"), text);
    }
    Ok(files)
}

/// Writes the files that differ and removes generated ones that are no longer made; gives their names.
fn write(data: &Path, files: &Files, check: bool) -> Result<Vec<String>, BuildError> {
    let mut changed = Vec::new();
    for (name, text) in files {
        let path = data.join(name);
        if std::fs::read_to_string(&path).is_ok_and(|old| old == *text) {
            continue;
        }
        changed.push(name.clone());
        if !check {
            let failed = |error: std::io::Error| BuildError::new(format!("{}: {error}", path.display()));
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent).map_err(failed)?;
            }
            std::fs::write(&path, text).map_err(failed)?;
        }
    }
    for folder in ["sdk", "iam", "resources"] {
        for name in names_in(&data.join(folder)).unwrap_or_default() {
            let name = format!("{folder}/{name}");
            if !files.contains_key(&name) {
                if !check {
                    let path = data.join(&name);
                    std::fs::remove_file(&path)
                        .map_err(|error| BuildError::new(format!("{}: {error}", path.display())))?;
                }
                changed.push(name);
            }
        }
    }
    Ok(changed)
}
