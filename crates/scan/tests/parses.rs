//! Resolving imports through `tsconfig.json` paths, workspaces, barrels and circles costs no second parse:
//! every file that matters is lowered once, and no other is parsed.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use perm_infer_facts::{ConfigurationFile, Grammar, ImportAlias, ImportCandidate, Lowered};
use perm_infer_grammar_javascript::JavaScript;
use perm_infer_scan::{Prefilter, Root, ScanRequest, scan};
use tempfile::TempDir;

/// The grammar of JavaScript, which counts what it parses.
#[derive(Default)]
struct Counting {
    parses: Mutex<BTreeMap<String, usize>>,
}

impl Counting {
    fn count(&self, path: &str) {
        *self.parses.lock().expect("no panic elsewhere").entry(path.to_owned()).or_default() += 1;
    }
}

impl Grammar for Counting {
    fn name(&self) -> &'static str {
        JavaScript.name()
    }

    fn aliases(&self) -> &'static [&'static str] {
        JavaScript.aliases()
    }

    fn extensions(&self) -> &'static [&'static str] {
        JavaScript.extensions()
    }

    fn is_test(&self, path: &str) -> bool {
        JavaScript.is_test(path)
    }

    fn lower(&self, path: &str, source: &str) -> Lowered {
        self.count(path);
        JavaScript.lower(path, source)
    }

    fn parse_only(&self, path: &str, source: &str) {
        self.count(path);
        JavaScript.parse_only(path, source);
    }

    fn import_candidates(&self, importer: &str, specifier: &str) -> Vec<ImportCandidate> {
        JavaScript.import_candidates(importer, specifier)
    }

    fn submodule(&self, specifier: &str, name: &str) -> Option<String> {
        JavaScript.submodule(specifier, name)
    }

    fn path_candidates(&self, path: &str) -> Vec<ImportCandidate> {
        JavaScript.path_candidates(path)
    }

    fn data_extensions(&self) -> &'static [&'static str] {
        JavaScript.data_extensions()
    }

    fn is_configuration(&self, file_name: &str) -> bool {
        JavaScript.is_configuration(file_name)
    }

    fn import_aliases(&self, files: &[ConfigurationFile]) -> Vec<ImportAlias> {
        JavaScript.import_aliases(files)
    }
}

/// Scans files with these contents and gives how often each was parsed.
fn parses(files: &[(&str, &str)]) -> BTreeMap<String, usize> {
    let folder = TempDir::new().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(path, text).expect("a file");
    }
    let grammar = Counting::default();
    let prefilter = Prefilter::new(["aws-sdk"], Vec::<&str>::new).expect("a prefilter");
    let roots = vec![Root::Path(folder.path().to_path_buf())];
    let request = ScanRequest { roots, prefilter: true, ..ScanRequest::default() };
    let found = scan(&request, &[&grammar], &prefilter);
    let parses = grammar.parses.into_inner().expect("no panic elsewhere");
    assert_eq!(found.counts.parsed, parses.len(), "{parses:?}");
    let relative = |path: &str| {
        let path = Path::new(path);
        path.strip_prefix(folder.path()).unwrap_or(path).to_string_lossy().replace('\\', "/")
    };
    parses.iter().map(|(path, count)| (relative(path), *count)).collect()
}

#[test]
fn paths_of_tsconfig_and_barrels_cost_no_second_parse() {
    let found = parses(&[
        ("tsconfig.json", r#"{"compilerOptions": {"baseUrl": ".", "paths": {"@lib/*": ["src/lib/*"]}}}"#),
        (
            "src/a.ts",
            "import { table } from '@lib/index';\nimport { client } from '@lib/client';\nclient(table);",
        ),
        (
            "src/b.ts",
            "import { table } from '@lib/names';\nimport { client } from '../src/lib/client';\nclient(table);",
        ),
        ("src/lib/index.ts", "export * from './names';\nexport * from './client';"),
        ("src/lib/names.ts", "import './client';\nexport const table = 'orders';"),
        (
            "src/lib/client.ts",
            "import { S3 } from '@aws-sdk/client-s3';\nimport { table } from '@lib/names';\nexport const client = () => new S3({});",
        ),
        ("src/unrelated.ts", "export const nothing = 1;"),
    ]);
    let once = ["src/a.ts", "src/b.ts", "src/lib/client.ts", "src/lib/index.ts", "src/lib/names.ts"];
    assert_eq!(found, once.into_iter().map(|path| (path.to_owned(), 1)).collect());
}

#[test]
fn packages_of_a_workspace_cost_no_second_parse() {
    let found = parses(&[
        ("package.json", r#"{"workspaces": ["packages/*"]}"#),
        (
            "packages/core/package.json",
            r#"{"name": "@acme/core", "exports": {".": "./src/index.ts", "./names": "./src/names.ts"}}"#,
        ),
        ("packages/core/src/index.ts", "export { save } from './save';"),
        (
            "packages/core/src/save.ts",
            "import { S3 } from '@aws-sdk/client-s3';\nexport const save = (name) => new S3({}).putObject({ Bucket: name });",
        ),
        ("packages/core/src/names.ts", "export const bucket = 'files';"),
        ("packages/api/package.json", r#"{"name": "@acme/api"}"#),
        (
            "packages/api/a.ts",
            "import { save } from '@acme/core';\nimport { bucket } from '@acme/core/names';\nsave(bucket);",
        ),
        ("packages/api/b.ts", "import { save } from '@acme/core';\nsave('other');"),
    ]);
    assert_eq!(found.len(), 5, "{found:?}");
    assert!(found.values().all(|&count| count == 1), "{found:?}");
}
