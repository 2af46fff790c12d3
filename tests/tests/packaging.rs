//! The definitions of packages that ship the binary: they can be read, their versions are the workspace's, and what
//! they say of files is so.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use perm_infer_tests::case;
use perm_infer_tests::sandbox::Sandbox;
use serde_json::Value;

const SCRATCH: &str = env!("CARGO_TARGET_TMPDIR");

fn text(path: &str) -> String {
    fs::read_to_string(case::repository().join(path)).expect("a file of the repository")
}

fn toml(path: &str) -> toml::Table {
    text(path).parse().expect("TOML")
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("a file")).expect("JSON")
}

fn version() -> String {
    toml("Cargo.toml")["workspace"]["package"]["version"].as_str().expect("a version").to_owned()
}

#[test]
fn the_wheel_is_made_of_the_command_line_crate() {
    let project = toml("pyproject.toml");
    assert_eq!(project["build-system"]["build-backend"].as_str(), Some("maturin"));
    // maturin takes the version from the manifest, which has that of the workspace.
    assert_eq!(project["project"]["dynamic"], toml::Value::from(vec!["version"]));
    let maturin = &project["tool"]["maturin"];
    assert_eq!(maturin["bindings"].as_str(), Some("bin"));
    let manifest = toml(maturin["manifest-path"].as_str().expect("a path"));
    assert_eq!(manifest["package"]["name"], project["project"]["name"]);
    assert_eq!(manifest["package"]["description"], project["project"]["description"]);
    assert_eq!(manifest["package"]["version"]["workspace"].as_bool(), Some(true));
    for file in project["project"]["license-files"].as_array().expect("files") {
        assert!(case::repository().join(file.as_str().unwrap()).is_file(), "{file}");
    }
}

fn npm_folder() -> PathBuf {
    case::repository().join("packaging/npm")
}

#[test]
fn the_npm_package_has_the_version_of_the_workspace_and_a_dependency_for_each_platform() {
    let package = json(&npm_folder().join("perm-infer/package.json"));
    assert_eq!(package["version"], version());
    let platforms = json(&npm_folder().join("platforms.json"));
    let name = |platform: &Value| {
        let parts = ["os", "cpu", "libc"].iter().filter_map(|key| platform[*key].as_str());
        format!("@perm-infer/{}", parts.collect::<Vec<_>>().join("-"))
    };
    let expected: BTreeSet<String> = platforms.as_object().unwrap().values().map(name).collect();
    let dependencies = package["optionalDependencies"].as_object().unwrap();
    assert_eq!(dependencies.keys().cloned().collect::<BTreeSet<_>>(), expected);
    assert!(dependencies.values().all(|dependency| *dependency == version()), "{dependencies:?}");
    let manifest = toml("crates/cli/Cargo.toml");
    assert_eq!(package["description"].as_str(), manifest["package"]["description"].as_str());
}

fn node(arguments: &[&str], directory: &Path) -> Output {
    Command::new("node").args(arguments).current_dir(directory).output().expect("node starts")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn the_npm_packages_start_the_binary_and_end_as_it_ends() {
    let sandbox = Sandbox::new(SCRATCH).with("app.py", "import boto3\nboto3.client('s3').list_buckets()\n");
    let build = npm_folder().join("build.mjs").to_string_lossy().into_owned();
    let binary = format!("x86_64-unknown-linux-gnu={}", sandbox.binary().display());
    let built = node(&[&build, "out", &binary], sandbox.path());
    assert!(built.status.success(), "{}", stderr(&built));
    // As npm would install them.
    let out = sandbox.path().join("out");
    let own = json(&out.join("linux-x64-glibc/package.json"));
    assert_eq!((&own["version"], &own["os"]), (&Value::from(version()), &serde_json::json!(["linux"])));
    let modules = sandbox.path().join("node_modules/@perm-infer");
    fs::create_dir_all(&modules).unwrap();
    fs::rename(out.join("linux-x64-glibc"), modules.join("linux-x64-glibc")).unwrap();
    fs::rename(out.join("perm-infer"), sandbox.path().join("node_modules/perm-infer")).unwrap();
    let start = "node_modules/perm-infer/bin/perm-infer.js";
    let run = node(&[start, "app.py"], sandbox.path());
    assert!(run.status.success() && String::from_utf8_lossy(&run.stdout).contains("s3:ListAllMyBuckets"));
    assert_eq!(node(&[start, "nowhere.py"], sandbox.path()).status.code(), Some(2));
    let pack = Command::new("npm")
        .args(["pack", "--dry-run", "--json", "--loglevel=error"])
        .current_dir(sandbox.path().join("node_modules/perm-infer"))
        .output()
        .expect("npm starts");
    let listed: Value = serde_json::from_slice(&pack.stdout).expect("JSON");
    let files: Vec<&str> =
        listed[0]["files"].as_array().unwrap().iter().filter_map(|file| file["path"].as_str()).collect();
    assert_eq!(files, ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "bin/perm-infer.js", "package.json"]);
    // Without a binary for the platform the message says what to do.
    fs::remove_dir_all(&modules).unwrap();
    let missing = node(&[start, "app.py"], sandbox.path());
    assert_eq!(missing.status.code(), Some(2));
    assert!(stderr(&missing).contains("--omit=optional"), "{}", stderr(&missing));
    let wrong = node(&[&build, "out", "sparc=perm-infer"], sandbox.path());
    assert!(stderr(&wrong).contains("x86_64-apple-darwin"), "{}", stderr(&wrong));
}

/// The packages as npm makes, installs and starts them; a script stands for the binary, which is large.
#[test]
#[cfg(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu"))]
fn npm_installs_the_packed_packages_and_starts_what_is_in_them() {
    let sandbox = Sandbox::new(SCRATCH)
        .with("stub", "#!/bin/sh\necho \"stub $*\"\nexit 3\n")
        .with("app/package.json", "{}");
    let build = npm_folder().join("build.mjs").to_string_lossy().into_owned();
    let built = node(&[&build, "out", "x86_64-unknown-linux-gnu=stub"], sandbox.path());
    assert!(built.status.success(), "{}", stderr(&built));
    let npm = |arguments: &[&str], directory: &str| {
        let mut command = Command::new("npm");
        command.args(arguments).args(["--loglevel=error", "--no-audit", "--no-fund"]);
        let output = command.current_dir(sandbox.path().join(directory)).output().expect("npm starts");
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    };
    let mut packages = Vec::new();
    for (folder, package) in [("linux-x64-glibc", "perm-infer-linux-x64-glibc"), ("perm-infer", "perm-infer")]
    {
        npm(&["pack", "--pack-destination", "../.."], &format!("out/{folder}"));
        packages.push(format!("../{package}-{}.tgz", version()));
    }
    npm(&["install", "--offline", &packages[0], &packages[1]], "app");
    let started = Command::new(sandbox.path().join("app/node_modules/.bin/perm-infer"))
        .args(["src", "--strict"])
        .output()
        .expect("the command starts");
    assert_eq!(String::from_utf8_lossy(&started.stdout), "stub src --strict\n", "{}", stderr(&started));
    assert_eq!(started.status.code(), Some(3));
}

#[test]
fn there_is_a_manual_page_for_the_tool_and_each_command() {
    let sandbox = Sandbox::new(SCRATCH);
    for (arguments, title) in [
        (&["man"][..], ".TH perm-infer 1"),
        (&["man", "check"], ".TH perm-infer-check 1"),
        (&["man", "merge"], ".TH perm-infer-merge 1"),
    ] {
        let run = sandbox.run(arguments);
        assert!(run.code == Some(0) && run.stdout.contains(title), "{title}: {}{}", run.stdout, run.stderr);
    }
    assert_eq!(sandbox.run(&["man", "nothing"]).code, Some(2));
}
