//! Names of things outside of the project, in one form: `node:` is dropped, a default export is the
//! module itself, modules that only repeat a global (`process`, `console`) are that global.

use perm_infer_analysis::External;
use perm_infer_catalog::{Catalog, Service};

/// A module and a path in it; the module is empty for globals of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Name<'e> {
    /// The module's specifier without `node:`.
    pub(crate) module: &'e str,
    /// Attributes from there, joined by dots.
    pub(crate) path: &'e str,
}

/// Packages of the SDK v3 that are not named after their services: the package, the service, and the class
/// with one method for each operation.
const PACKAGES: &[(&str, &str, &str)] = &[
    ("@aws-sdk/client-cloudwatch-events", "events", "CloudWatchEvents"),
    ("@aws-sdk/client-rekognitionstreaming", "rekognition", "RekognitionStreaming"),
    ("@aws-sdk/client-transcribe-streaming", "transcribe", "TranscribeStreaming"),
];

/// The service of a package of the SDK v3, and whether `name` is its client in either form.
pub(crate) fn v3_client(catalog: Catalog, module: &str, name: &str) -> Option<(Service, bool)> {
    if let Some((_, service, class)) = PACKAGES.iter().find(|(package, ..)| *package == module) {
        let is_client = name.strip_suffix("Client").unwrap_or(name) == *class;
        return Some((catalog.service(service)?, is_client));
    }
    let service = catalog.service_for_v3_package(module)?;
    Some((service, name == service.v3_client() || name == service.v3_aggregated()))
}

/// The package that a specifier names: without `node:`, and for Deno without `npm:` and a version.
fn package(specifier: &str) -> &str {
    match specifier.strip_prefix("npm:") {
        Some(package) => match package.rfind('@') {
            Some(version) if version > 0 => &package[..version],
            _ => package,
        },
        None => specifier.strip_prefix("node:").unwrap_or(specifier),
    }
}

/// Modules that give what a global has as well.
const GLOBAL_MODULES: &[&str] = &["process", "console", "timers"];

impl<'e> Name<'e> {
    /// The name of an external.
    pub(crate) fn of(external: &'e External) -> Self {
        let module = package(&external.module);
        let mut path: &str = &external.path;
        while let Some(rest) = path.strip_prefix("default").filter(|_| !module.is_empty()) {
            match (rest.is_empty(), rest.strip_prefix('.')) {
                (true, _) => path = "",
                (false, Some(rest)) => path = rest,
                (false, None) => break,
            }
        }
        if module.is_empty() {
            path = path.strip_prefix("globalThis.").unwrap_or(path);
        }
        Name { module, path }
    }

    /// The last part of the path, or of the module.
    pub(crate) fn last(&self) -> &'e str {
        let whole = if self.path.is_empty() { self.module } else { self.path };
        whole.rsplit(['.', '/']).next().unwrap_or(whole)
    }

    /// The path as a global of the language, when it is one.
    pub(crate) fn global(&self) -> Option<String> {
        if self.module.is_empty() {
            return Some(self.path.to_owned());
        }
        if !GLOBAL_MODULES.contains(&self.module) {
            return None;
        }
        Some(match (self.module, self.path) {
            ("timers", path) => path.to_owned(),
            (module, "") => module.to_owned(),
            (module, path) => format!("{module}.{path}"),
        })
    }

    /// Whether the module may be a part of the project that was not found, so that nothing can be said
    /// of it: relative paths and the usual aliases of build tools.
    pub(crate) fn may_be_project(&self) -> bool {
        ["./", "../", "/", "@/", "~", "#", "src/"].iter().any(|start| self.module.starts_with(start))
            || matches!(self.module, "." | ".." | "@")
    }
}

/// Whether a module is a library's for certain.
pub(crate) fn owns_module(specifier: &str) -> bool {
    let specifier = package(specifier);
    specifier.starts_with("@aws-sdk/")
        || specifier.starts_with("@smithy/")
        || specifier.starts_with("@aws-lambda-powertools/")
        || specifier.starts_with("aws-xray-sdk")
        || specifier == "aws-sdk"
        || specifier.starts_with("aws-sdk/")
        || NODE_MODULES.contains(&specifier.split('/').next().unwrap_or(specifier))
}

/// Whether a module belongs to the SDK, of either version.
pub(crate) fn is_sdk_module(specifier: &str) -> bool {
    specifier == "aws-sdk" || specifier.starts_with("aws-sdk/") || specifier.starts_with("@aws-sdk/")
}

/// Modules of Node.js that project files are often named after.
const NODE_MODULES: &[&str] = &[
    "assert",
    "buffer",
    "child_process",
    "crypto",
    "dns",
    "events",
    "fs",
    "http",
    "https",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "querystring",
    "readline",
    "stream",
    "timers",
    "tls",
    "url",
    "util",
    "vm",
    "worker_threads",
    "zlib",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_and_prefixes_are_dropped() {
        let external = External::new("node:path", "default.posix.join");
        assert_eq!(Name::of(&external), Name { module: "path", path: "posix.join" });
        let external = External::new("x", "defaultValue");
        assert_eq!(Name::of(&external).path, "defaultValue");
        let external = External::new("aws-sdk", "default");
        assert_eq!(Name::of(&external), Name { module: "aws-sdk", path: "" });
    }

    #[test]
    fn modules_that_repeat_a_global_are_that_global() {
        assert_eq!(
            Name::of(&External::new("node:process", "env.X")).global().as_deref(),
            Some("process.env.X")
        );
        assert_eq!(Name::of(&External::new("timers", "setTimeout")).global().as_deref(), Some("setTimeout"));
        assert_eq!(Name::of(&External::new("", "globalThis.process")).global().as_deref(), Some("process"));
        assert_eq!(Name::of(&External::new("axios", "get")).global(), None);
    }

    #[test]
    fn packages_of_deno_are_those_of_npm() {
        assert_eq!(Name::of(&External::new("npm:@aws-sdk/client-s3", "")).module, "@aws-sdk/client-s3");
        assert_eq!(Name::of(&External::new("npm:aws-sdk@2.1", "")).module, "aws-sdk");
    }

    #[test]
    fn aliases_of_build_tools_may_be_the_project() {
        assert!(Name::of(&External::new("@/lib/db", "x")).may_be_project());
        assert!(Name::of(&External::new("../gone", "")).may_be_project());
        assert!(!Name::of(&External::new("ioredis", "")).may_be_project());
    }

    #[test]
    fn sdk_packages_are_owned_and_others_are_not() {
        assert!(owns_module("@aws-sdk/client-s3"));
        assert!(owns_module("node:fs/promises"));
        assert!(owns_module("npm:@aws-sdk/client-s3@^3.0.0"));
        assert!(!owns_module("@acme/aws-sdk"));
        assert!(!owns_module("config"));
    }
}
