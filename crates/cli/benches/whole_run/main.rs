//! The whole run against a bare parallel tree-sitter parse of the same files, the start-up on one small
//! file and on an empty directory, and the peak memory: `cargo bench -p perm-infer`. All figures of one run; the ratios are what
//! counts, because times differ between machines.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod tree;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use perm_infer_facts::Grammar;
use perm_infer_infer::{Request, Root, ScanRequest, SharedFiles, grammars, infer};
use rayon::prelude::*;

/// Times each measurement is repeated; the fastest counts.
const REPEATS: usize = 7;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (large, small) = (folder.path().join("large"), folder.path().join("small"));
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty)?;
    let bytes = tree::write(&large)?;
    tree::write_one(&small)?;
    println!("{} files, {:.1} MB", tree::FILES, bytes as f64 / 1e6);

    let files = source_files(&large)?;
    let parse = fastest(|| parse_all(&files));
    let run = fastest(|| run_on(&large, true));
    let unfiltered = fastest(|| run_on(&large, false));
    let both = fastest(|| run_on_both_sides(&large));
    let start = fastest(|| start_binary(&small, 0));
    let start_empty = fastest(|| start_binary(&empty, 2));
    println!("bare parallel parse      {:8.1} ms", millis(parse));
    println!("whole run                {:8.1} ms   {:.2} times the parse", millis(run), ratio(run, parse));
    println!(
        "whole run, no prefilter  {:8.1} ms   {:.2} times the parse",
        millis(unfiltered),
        ratio(unfiltered, parse)
    );
    println!(
        "two sides that are equal {:8.1} ms   {:.2} times the whole run",
        millis(both),
        ratio(both, run)
    );
    println!("binary on one small file {:8.1} ms", millis(start));
    println!("binary on no file at all {:8.1} ms", millis(start_empty));
    for functions in tree::SERIES {
        let mutual = folder.path().join(format!("mutual{functions}"));
        tree::write_mutual(&mutual, functions)?;
        let run = fastest(|| run_on(&mutual, true));
        let each = run.as_secs_f64() * 1e6 / functions as f64;
        println!("{functions:5} functions that call each other {:8.1} ms, {each:.1} us each", millis(run));
    }
    println!("peak memory of the binary on all files {:.0} MB", peak_memory_mb(&large)?);
    Ok(())
}

fn fastest(mut work: impl FnMut()) -> Duration {
    let time = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..REPEATS).map(|_| time(&mut work)).min().unwrap_or_default()
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

fn source_files(root: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() { folders.push(entry.path()) } else { files.push(entry.path()) }
        }
    }
    Ok(files)
}

fn parse_all(files: &[PathBuf]) {
    let grammars = grammars();
    files.par_iter().for_each(|path| {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let reads = |grammar: &&&dyn Grammar| grammar.extensions().contains(&extension);
        if let (Some(grammar), Ok(text)) = (grammars.iter().find(reads), std::fs::read_to_string(path)) {
            grammar.parse_only(&path.to_string_lossy(), &text);
        }
    });
}

fn run_on(root: &Path, prefilter: bool) {
    let scan =
        ScanRequest { roots: vec![Root::Path(root.to_path_buf())], prefilter, ..ScanRequest::default() };
    let result = infer(&Request { scan, ..Request::default() });
    assert!(result.is_ok_and(|inference| !inference.calls.is_empty()), "the benchmark's tree has calls");
}

/// The two sides of a comparison: what is the same is lowered once.
fn run_on_both_sides(root: &Path) {
    let shared = Arc::new(SharedFiles::default());
    for _ in 0..2 {
        let scan = ScanRequest {
            roots: vec![Root::Path(root.to_path_buf())],
            prefilter: true,
            shared: Some(shared.clone()),
            ..ScanRequest::default()
        };
        let result = infer(&Request { scan, ..Request::default() });
        assert!(result.is_ok(), "the benchmark's tree is read");
    }
    let (lowered, reused) = shared.counts();
    assert_eq!(lowered, reused, "every file is there twice");
}

/// Starts the binary and waits for its end with this exit code: a directory without code is 2.
fn start_binary(root: &Path, code: i32) {
    let status = Command::new(env!("CARGO_BIN_EXE_perm-infer"))
        .arg(root)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(status.is_ok_and(|status| status.code() == Some(code)), "the binary runs");
}

/// The high-water mark of the binary on a tree, where the system tells it: the mark only grows, so the
/// last one that is seen before the end is the peak.
fn peak_memory_mb(root: &Path) -> Result<f64, Box<dyn Error>> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_perm-infer"))
        .arg(root)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0_f64;
    while child.try_wait()?.is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        if let Some(line) = text.lines().find_map(|line| line.strip_prefix("VmHWM:")) {
            peak = peak.max(line.trim().trim_end_matches(" kB").trim().parse::<f64>()? / 1024.0);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(peak)
}
