use std::sync::Mutex;

use super::*;
use crate::test_support::{Outcome, Toy, Tree};

fn filtered(tree: &Tree) -> Outcome {
    let roots = vec![Root::Path(tree.root().into())];
    tree.scan_with(&ScanRequest { roots, prefilter: true, ..Default::default() })
}

fn paths(tree: &Tree, paths: &[&str]) -> Outcome {
    let roots = paths.iter().map(|path| Root::Path(tree.path(path))).collect();
    tree.scan_with(&ScanRequest { roots, ..Default::default() })
}

// What is found

#[test]
fn source_files_are_found_and_sorted_by_path() {
    let tree = Tree::new(&[("b.toy", ""), ("a/c.toy", ""), ("a.toy", ""), ("x.txt", ""), ("README", "")]);
    let outcome = tree.scan();
    assert_eq!(outcome.files(), "a.toy a/c.toy b.toy");
    assert_eq!(outcome.codes(), [""; 0]);
    assert_eq!((outcome.result.counts.found, outcome.result.counts.parsed), (3, 3));
}

#[test]
fn ignored_and_hidden_files_are_not_read_even_outside_a_repository() {
    let tree = Tree::new(&[
        (".gitignore", "gen/\n*.tmp.toy\n"),
        ("gen/a.toy", ""),
        ("b.tmp.toy", ""),
        (".hidden/c.toy", ""),
        ("sub/.gitignore", "d.toy"),
        ("sub/d.toy", ""),
        ("sub/e.toy", ""),
    ]);
    assert_eq!(tree.scan().files(), "sub/e.toy");
}

#[test]
fn dependencies_environments_and_caches_are_not_entered() {
    let tree = Tree::new(&[
        ("node_modules/x/a.toy", ""),
        ("lib/site-packages/a.toy", ""),
        ("myenv/pyvenv.cfg", ""),
        ("myenv/lib/a.toy", ""),
        ("vendor/a.toy", ""),
        ("cdk.out/asset/a.toy", ""),
        ("__pycache__/a.toy", ""),
        ("coverage/lcov.info", ""),
        ("coverage/a.toy", ""),
        ("src/coverage/a.toy", ""),
    ]);
    let outcome = tree.scan();
    assert_eq!(outcome.files(), "src/coverage/a.toy");
    assert_eq!(outcome.result.counts.directories, 7);
}

#[test]
fn packages_installed_among_the_sources_are_left_out_with_a_note() {
    let tree = Tree::new(&[
        ("fn/handler.toy", ""),
        ("fn/lib/own.toy", ""),
        ("fn/lib/__init__.toy", ""),
        ("fn/six.toy", ""),
        ("fn/six-1.16.0.dist-info/RECORD", "six.toy,sha256=x,1\nsix-1.16.0.dist-info/RECORD,,\n"),
        (
            "fn/boto3-1.34.0.dist-info/RECORD",
            "boto3/__init__.toy,sha256=x,1\n\"lib/a,b.toy\",,\n../bin/x.toy,,\n",
        ),
        ("fn/boto3/__init__.toy", ""),
        ("fn/lib/a,b.toy", ""),
        ("bin/x.toy", ""),
        ("other/x-1.0.dist-info/METADATA", ""),
        ("other/x.toy", ""),
    ]);
    let outcome = tree.scan();
    assert_eq!(outcome.files(), "bin/x.toy fn/handler.toy fn/lib/__init__.toy fn/lib/own.toy other/x.toy");
    assert_eq!(outcome.codes(), ["fn/boto3-1.34.0.dist-info installed-packages"]);
    assert_eq!(outcome.result.counts.directories, 2);
    assert_eq!(paths(&tree, &["fn/boto3"]).files(), "fn/boto3/__init__.toy");
}

#[test]
fn build_output_beside_a_manifest_is_left_out_with_a_note() {
    let tree = Tree::new(&[("package.json", "{}"), ("dist/a.toy", ""), ("src/build/b.toy", "")]);
    let outcome = tree.scan();
    assert_eq!(outcome.files(), "src/build/b.toy");
    assert_eq!(outcome.codes(), ["dist build-output"]);
}

#[test]
fn tests_are_left_out_and_counted_unless_asked_for() {
    let tree = Tree::new(&[("a.toy", ""), ("a.test.toy", ""), ("tests/b.toy", "")]);
    let outcome = tree.scan();
    assert_eq!((outcome.files().as_str(), outcome.result.counts.tests), ("a.toy", 2));
    let roots = vec![Root::Path(tree.root().into())];
    let all = tree.scan_with(&ScanRequest { roots, include_tests: true, ..Default::default() });
    assert_eq!(all.files(), "a.test.toy a.toy tests/b.toy");
}

#[test]
fn what_is_named_itself_is_always_read() {
    let tree = Tree::new(&[
        (".gitignore", "*\n"),
        ("node_modules/x/a.toy", ""),
        ("tests/b.test.toy", ""),
        (".hidden/c.toy", ""),
        ("vendor/d.toy", ""),
    ]);
    std::fs::remove_file(tree.path(".gitignore")).expect("removed");
    let outcome = paths(&tree, &["node_modules/x/a.toy", "tests/b.test.toy", ".hidden", "vendor"]);
    assert_eq!(outcome.files(), ".hidden/c.toy node_modules/x/a.toy tests/b.test.toy vendor/d.toy");
}

#[test]
fn a_file_under_several_roots_is_read_once() {
    let tree = Tree::new(&[("a/b.toy", ""), ("a/c.test.toy", "")]);
    let outcome = paths(&tree, &["", "a", "a/b.toy", "a/c.test.toy"]);
    assert_eq!(outcome.files(), "a/b.toy a/c.test.toy");
}

#[test]
fn excluded_files_and_directories_are_left_out_and_counted() {
    let tree = Tree::new(&[("a/x.toy", ""), ("b/y.toy", ""), ("c_pb.toy", ""), ("d.toy", "")]);
    let roots = vec![Root::Path(tree.root().into()), Root::Path(tree.path("d.toy"))];
    let exclude = vec!["a/".to_owned(), "*_pb.toy".to_owned(), "d.toy".to_owned()];
    let outcome = tree.scan_with(&ScanRequest { roots, exclude, ..Default::default() });
    assert_eq!((outcome.files().as_str(), outcome.result.counts.excluded), ("b/y.toy", 4));
}

#[test]
fn only_the_languages_asked_for_are_read() {
    let tree = Tree::new(&[("a.toy", ""), ("script", "")]);
    let with = |roots: Vec<Root>, languages: &[&str]| {
        let languages = languages.iter().map(|language| (*language).to_owned()).collect();
        tree.scan_with(&ScanRequest { roots, languages, ..Default::default() })
    };
    let root = || vec![Root::Path(tree.root().into())];
    assert_eq!(with(root(), &["T"]).files(), "a.toy");
    assert_eq!(with(root(), &["cobol"]).codes(), [" no-source-files", " unknown-language"]);
    let script = || vec![Root::Path(tree.path("script"))];
    assert_eq!(with(script(), &["toy"]).files(), "script");
    assert_eq!(with(script(), &[]).codes(), [" no-source-files", "script unknown-language"]);
}

#[test]
fn a_text_is_read_by_language_or_by_name() {
    let text = |name: &str, language: Option<&str>| Root::Text {
        name: name.into(),
        language: language.map(Into::into),
        bytes: b"import \"./b\"".to_vec(),
    };
    let tree = Tree::new(&[]);
    let roots = vec![text("<stdin>", Some("toy")), text("x.toy", None), text("y", None)];
    let outcome = tree.scan_with(&ScanRequest { roots, ..Default::default() });
    assert_eq!(outcome.files(), "<stdin> x.toy");
    assert_eq!(outcome.codes(), ["y unknown-language"]);
    assert_eq!(outcome.result.files[0].facts.imports.len(), 1);
}

// What goes wrong

#[test]
fn missing_paths_and_empty_trees_are_errors() {
    let tree = Tree::new(&[("a.txt", ""), ("only/a.test.toy", "")]);
    let outcome = paths(&tree, &["none", ""]);
    assert_eq!(outcome.codes(), [" no-source-files", "none path-not-found"]);
    assert!(outcome.result.diagnostics.iter().all(|diagnostic| diagnostic.severity == Severity::Error));
    let only_tests = paths(&tree, &["only"]);
    assert!(only_tests.result.diagnostics[0].remedy.contains("--include-tests"));
}

#[test]
fn bad_files_are_reported_and_cost_nothing_of_the_others() {
    let tree = Tree::new(&[
        ("good.toy", "x"),
        ("empty.toy", ""),
        ("syntax.toy", "ok\n!syntax\nok\n!syntax\n"),
        ("deep.toy", "!deep"),
        ("panic.toy", "!panic"),
        ("min.toy", &"a.b(c);d=e(f);".repeat(1000)),
        ("bundle.toy", "/******/ (function(modules) { // webpackBootstrap"),
    ]);
    tree.write("latin.toy", b"caf\xe9");
    tree.write("binary.toy", b"\x7fELF\0\0\0");
    let large = std::fs::File::create(tree.path("large.toy")).expect("file");
    large.set_len(50 << 20).expect("sparse file");
    let outcome = tree.scan();
    assert_eq!(outcome.files(), "deep.toy empty.toy good.toy latin.toy syntax.toy");
    assert_eq!(
        outcome.codes(),
        [
            "binary.toy binary-file",
            "bundle.toy generated-file",
            "deep.toy:1:1 nested-too-deep",
            "large.toy file-too-large",
            "latin.toy not-utf8",
            "min.toy minified-file",
            "panic.toy internal-error",
            "syntax.toy:2:1 syntax-error",
        ]
    );
    let counts = outcome.result.counts;
    assert_eq!(
        (counts.binary, counts.generated, counts.too_large, counts.minified, counts.irrelevant),
        (1, 1, 1, 1, 0)
    );
    let syntax = &outcome.result.diagnostics[7];
    assert!(syntax.message.contains("1 more") && syntax.unresolved);
    assert_eq!(&*outcome.result.files[3].source, "café");
}

#[test]
fn a_minified_file_that_is_named_itself_is_read() {
    let tree = Tree::new(&[("min.toy", &"a.b(c);d=e(f);".repeat(1000)), ("x.min.toy", "")]);
    assert_eq!(paths(&tree, &["min.toy", "x.min.toy"]).files(), "min.toy x.min.toy");
    assert_eq!(tree.scan().result.counts.minified, 2);
}

#[cfg(unix)]
#[test]
fn links_are_harmless_and_imports_go_through_them() {
    use std::os::unix::fs::symlink;
    let tree = Tree::new(&[("fn/main.toy", "import \"./common/store\""), ("common/store.toy", "")]);
    let outside = Tree::new(&[("lib/x.toy", ""), ("one.toy", "")]);
    let link = |target: &str, link: &str| symlink(target, tree.path(link)).expect("link");
    link("../common", "fn/common");
    link("..", "fn/up");
    link("self", "self");
    link("gone", "gone.toy");
    link("gone", "data");
    symlink(outside.path("lib"), tree.path("outside")).expect("link");
    symlink(outside.path("one.toy"), tree.path("one.toy")).expect("link");
    let outcome = tree.scan();
    assert_eq!(outcome.files(), "common/store.toy fn/main.toy one.toy");
    assert_eq!(outcome.codes(), ["gone.toy unreadable-file", "outside symlink-outside", "self symlink-loop"]);
    let main = &outcome.result.files[1];
    let candidates = Toy.import_candidates(&main.path, "./common/store");
    assert_eq!(outcome.result.index.resolve(1, &candidates), Some(0));
    let both = {
        let roots = vec![Root::Path(tree.root().into()), Root::Path(outside.path("lib"))];
        tree.scan_with(&ScanRequest { roots, ..Default::default() })
    };
    assert!(!both.codes().iter().any(|code| code.contains("symlink-outside")));
}

// What the prefilter decides

#[test]
fn nothing_is_parsed_where_no_file_names_an_sdk() {
    let tree = Tree::new(&[("a.toy", "x.put_item(y)\n!syntax"), ("b.toy", "")]);
    let outcome = filtered(&tree);
    assert_eq!((outcome.files().as_str(), outcome.result.counts.irrelevant), ("", 2));
    assert_eq!(outcome.codes(), [""; 0]);
}

#[test]
fn importers_and_imported_files_of_sdk_files_are_parsed() {
    let tree = Tree::new(&[
        ("app/main.toy", "import \"./handler\""),
        ("app/handler.toy", "import \"./store\"\nimport \"./text\""),
        ("app/store.toy", "import \"toysdk\"\nimport \"./names\""),
        ("app/names.toy", "import \"./deep\""),
        ("app/deep.toy", ""),
        ("app/text.toy", ""),
        // Uses a helper, but has nothing to do with the SDK.
        ("app/page.toy", "import \"./text\""),
        ("app/mentions.toy", "the store and the handler\n!syntax"),
    ]);
    let outcome = filtered(&tree);
    assert_eq!(
        outcome.files(),
        "app/deep.toy app/handler.toy app/main.toy app/names.toy app/store.toy app/text.toy"
    );
    assert_eq!(outcome.result.counts.irrelevant, 2);
    assert_eq!(outcome.codes(), [""; 0]);
}

#[test]
fn callers_of_operation_names_are_parsed_with_their_importers() {
    let tree = Tree::new(&[
        ("sdk.toy", "toysdk"),
        ("save.toy", "def save(table):\n  table.put_item(x)"),
        ("uses.toy", "import \"./save\""),
        ("other.toy", "put_item and send are words\nx.sender()"),
    ]);
    assert_eq!(filtered(&tree).files(), "save.toy sdk.toy uses.toy");
}

#[test]
fn files_that_stand_for_directories_are_found_by_their_importers() {
    let tree = Tree::new(&[
        ("pkg/index.toy", "toysdk"),
        ("pkg/inner.toy", "import \".\""),
        ("pkg/sub/below.toy", "import \"../\""),
        ("outer.toy", "import \"./pkg\""),
        ("named.toy", "import \".\" pkg"),
        ("none.toy", ". ."),
        ("suffix.toy", "import \"pkg/index\""),
    ]);
    assert_eq!(
        filtered(&tree).files(),
        "named.toy outer.toy pkg/index.toy pkg/inner.toy pkg/sub/below.toy suffix.toy"
    );
}

#[test]
fn circles_of_imports_end() {
    let tree = Tree::new(&[
        ("a.toy", "import \"./b\"\nimport \"./a\""),
        ("b.toy", "import \"./c\"\nimport \"toysdk\""),
        ("c.toy", "import \"./a\""),
    ]);
    assert_eq!(filtered(&tree).files(), "a.toy b.toy c.toy");
}

#[test]
fn names_with_punctuation_are_found_by_all_their_words() {
    let tree = Tree::new(&[
        ("orders-store.service.toy", "toysdk"),
        ("a.toy", "import \"./orders-store.service\""),
        ("b.toy", "import \"./orders\" store\n!panic"),
    ]);
    let outcome = filtered(&tree);
    assert_eq!(outcome.files(), "a.toy orders-store.service.toy");
}

#[test]
fn the_result_is_the_same_for_any_number_of_threads() {
    let mut files = Vec::new();
    for number in 0..200 {
        let sdk = if number % 7 == 0 { "toysdk\n" } else { "" };
        let text = format!("{sdk}import \"../d{}/m{}\"\n!syntax", (number + 3) % 10, (number + 13) % 200);
        files.push((format!("d{}/m{number}.toy", number % 10), text));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let tree = Tree::new(&files);
    let run = |threads| {
        worker_pool(threads).expect("threads").install(|| {
            let outcome = filtered(&tree);
            (outcome.files(), outcome.codes(), outcome.result.counts)
        })
    };
    let one = run(1);
    assert!(one.0.len() > 100);
    assert_eq!(one, run(2));
    assert_eq!(one, run(8));
}

#[test]
fn progress_ends_with_everything_done() {
    let tree = Tree::new(&[("a.toy", ""), ("b.toy", "")]);
    let seen = Mutex::new(Vec::new());
    let progress = |progress| seen.lock().expect("lock").push(progress);
    let roots = vec![Root::Path(tree.root().into())];
    tree.scan_with(&ScanRequest { roots, progress: Some(&progress), ..Default::default() });
    assert!(seen.lock().expect("lock").contains(&Progress { found: 2, read: 2, parsed: 2 }));
}
