//! The `build` command: generates the data from the packages and overrides, and writes what changed.

use crate::format::Action;
use crate::format::Service;
use crate::output::{self, Files};
use crate::packages::Packages;
use crate::sources::{file_error, names_in, unpacked};
use crate::{
    BuildError, boto3_resources, botocore, community_map, conditions, iam_data, infer, overrides, policies,
};
use std::collections::BTreeSet;
use std::path::Path;

/// Everything that is generated, not yet written.
pub(crate) struct Generated {
    pub(crate) files: Files,
    pub(crate) services: Vec<Service>,
}

/// Builds the data directory; with `check`, only compares. Gives a summary line.
pub(crate) fn build(
    packages: &Packages,
    inputs: &Path,
    data: &Path,
    check: bool,
) -> Result<String, BuildError> {
    let Generated { files, services } = generate(inputs, data, packages)?;
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

/// Builds all files in memory from the packages and the overrides.
pub(crate) fn generate(inputs: &Path, data: &Path, packages: &Packages) -> Result<Generated, BuildError> {
    let botocore_package = unpacked(&packages.botocore, inputs)?;
    let mut apis = botocore::read(&botocore_package)?;
    let irregular_methods = botocore::irregular_methods(&botocore_package)?;
    let mut iam = iam_data::read(&unpacked(&packages.iam_data, inputs)?)?;
    let community = community_map::CommunityMap::read(&unpacked(&packages.community_map, inputs)?)?;
    let resources = boto3_resources::read(&unpacked(&packages.boto3, inputs)?, &apis)?;
    let overrides = overrides::read(&data.join("overrides"))?;
    overrides.apply_to_iam(&mut iam)?;
    let known: BTreeSet<&str> = apis.iter().map(|api| api.name.as_str()).collect();
    overrides.check_services(&known)?;
    overrides.add_operations(&mut apis)?;
    let facts = infer::Facts {
        iam: &iam,
        community: &community,
        irregular_methods: &irregular_methods,
        overrides: &overrides,
    };
    let services = apis.iter().map(|api| infer::service(api, &facts)).collect::<Result<Vec<_>, _>>()?;
    overrides.check_keys()?;
    let presumed: Vec<(String, Action)> = services
        .iter()
        .flat_map(infer::presumed)
        .map(|(prefix, action)| (prefix.to_owned(), action))
        .collect();
    for (prefix, action) in presumed {
        if let Some(service) = iam.get_mut(&prefix) {
            service.add(action);
        }
    }
    let mut files = output::files(&services, iam.values(), &resources, packages);
    let moto = unpacked(&packages.moto, inputs)?;
    files.extend(policies::files(&moto, &unpacked(&packages.sam_translator, inputs)?)?);
    files.extend(conditions::files(&unpacked(&packages.iam_data, inputs)?)?);
    let hashes = output::hashes(&files, &override_files(&data.join("overrides"))?);
    files.insert("HASHES".to_owned(), hashes);
    Ok(Generated { files, services })
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
pub(crate) fn write(data: &Path, files: &Files, check: bool) -> Result<Vec<String>, BuildError> {
    let differs = |name: &String, text: &String| {
        std::fs::read_to_string(data.join(name)).map_or(true, |old| old != *text)
    };
    let differing: Vec<(&String, &String)> =
        files.iter().filter(|(name, text)| differs(name, text)).collect();
    let mut stale = Vec::new();
    for folder in ["sdk", "iam", "resources", "policies"] {
        let names = names_in(&data.join(folder)).unwrap_or_default();
        let names = names.into_iter().map(|name| format!("{folder}/{name}"));
        stale.extend(names.filter(|name| !files.contains_key(name)));
    }
    if !check {
        let written: Vec<_> = differing.iter().map(|(name, text)| (data.join(name), text.as_str())).collect();
        output::replace(&written)?;
        for name in &stale {
            let path = data.join(name);
            std::fs::remove_file(&path).map_err(|error| file_error(&path, &error))?;
        }
    }
    Ok(differing.into_iter().map(|(name, _)| name.clone()).chain(stale).collect())
}
