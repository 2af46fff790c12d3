//! Texts of scanned projects are data: whatever a name, a file or a template is called, no format lets it control a
//! terminal, a build log or a page. One hostile project goes through every command and format.
#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use perm_infer_tests::sandbox::{Run, Sandbox};
use perm_infer_tests::tools;

const SCRATCH: &str = env!("CARGO_TARGET_TMPDIR");

/// What names are made of: escapes of terminals, marks that turn text around, commands of build logs, HTML, Markdown.
const HOSTILE: &str = "\u{1b}[31m\u{1b}]0;x\u{7}\u{202e}\u{2066}\n::error file=a::owned\n<img src=x onerror=alert(1)> \
[click](javascript:alert(2)) | @everyone `tick` ```\n# Heading\n<script>alert(3)</script> $(id) `id` \"'";

/// A file name with as much of that as names may have.
const FILE: &str = "app\u{1b}[31m\u{202e}<img src=x onerror=alert(1)>`[c](javascript:x)|\n::error::x.py";

/// A name that a report is given when it is joined with others.
const HOSTILE_NAME: &str = "\u{1b}[31m\u{202e}<b onerror>\n::error::x=report.json";

/// A message about a denied request with the same.
const DENIAL: &str = "User: arn:aws:sts::123456789012:assumed-role/app/\u{1b}[31m\u{202e}<img is not authorized to perform: \
s3:GetObject on resource: \"arn:aws:s3:::b/\u{1b}]0;x\u{7}<img src=x onerror=alert(1)>::error::\" because no identity-based policy allows \
the s3:GetObject action";

fn python(text: &str) -> String {
    let escaped: String = text
        .chars()
        .map(|c| match c {
            '\\' | '"' => format!("\\{c}"),
            c if c.is_control() => format!("\\x{:02x}", u32::from(c)),
            c => c.to_string(),
        })
        .collect();
    format!("\"{escaped}\"")
}

fn project() -> Sandbox {
    let name = python(HOSTILE);
    let code = format!(
        "import os\nimport boto3\n\ns3 = boto3.client('s3')\n\n\ndef handler(event, context):\n    s3.get_object(Bucket='b', Key={name})  # \
{line}\n    s3.put_object(Bucket='b', Key={name} + event['x'])\n    boto3.client('sqs').send_message(QueueUrl=os.environ[{name}], MessageBody='')\n    \
getattr(s3, {name})()\n",
        line = HOSTILE.replace('\n', " "),
    );
    let yaml = serde_json::Value::from(HOSTILE).to_string();
    let template = format!(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  {yaml}:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: \
handler.handler\n      Runtime: python3.12\n      Environment: {{Variables: {{{yaml}: {yaml}}}}}\n      Policies:\n        - {yaml}\n        - {yaml}: {{X: {yaml}}}\n        \
- Statement:\n            - {{Sid: {yaml}, Effect: Allow, Action: {yaml}, Resource: {yaml}}}\n            - {{Effect: Allow, Action: 's3:*', Resource: {yaml}}}\n"
    );
    let policy = serde_json::json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": ["s3:GetObject", "s3:*"], "Resource": [format!("arn:aws:s3:::b/{HOSTILE}")]},
        {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*", "Condition": {"StringEquals": {"aws:x": HOSTILE}}},
    ]});
    let sandbox = Sandbox::new(SCRATCH)
        .with("handler.py", &code)
        .with(FILE, &code)
        .with("template.yaml", template)
        .with("policy.json", policy.to_string())
        .with("empty/app.py", "");
    let report = sandbox.run(&[".", "--format", "report"]).json();
    // Another line at the same places is a conflict, which is told with both.
    let mut other = report.clone();
    // Reports come from elsewhere too: nothing in them is as this binary would write it.
    let mut raw = report.clone();
    for (position, call) in other["calls"].as_array_mut().into_iter().flatten().enumerate() {
        call["source"] = format!("{HOSTILE} {position}").into();
    }
    for call in raw["calls"].as_array_mut().into_iter().flatten() {
        call["source"] = HOSTILE.into();
        call["location"]["path"] = HOSTILE.into();
        call["chain"] = serde_json::json!([{"function": HOSTILE, "location": call["location"]}]);
    }
    for requirement in raw["requirements"].as_array_mut().into_iter().flatten() {
        requirement["action"] = HOSTILE.into();
        requirement["resource"] = format!("arn:aws:s3:::{HOSTILE}").into();
        requirement["conditions"] = serde_json::json!({"StringEquals": {HOSTILE: HOSTILE}});
    }
    for function in raw["functions"].as_array_mut().into_iter().flatten() {
        function["name"] = HOSTILE.into();
    }
    sandbox
        .with("report.json", report.to_string())
        .with("other.json", other.to_string())
        .with("raw.json", raw.to_string())
}

/// Whether nothing in a text acts on a terminal or a build log.
#[track_caller]
fn is_inert(arguments: &[&str], text: &str) {
    let active = |c: char| {
        (c.is_control() && c != '\n')
            || ('\u{202a}'..='\u{202e}').contains(&c)
            || ('\u{2066}'..='\u{2069}').contains(&c)
    };
    if let Some(position) = text.find(active) {
        let around: String = text[position..].chars().take(40).collect();
        assert!(!text.contains(active), "{arguments:?}: {around:?}");
    }
    let command = text.lines().find(|line| line.trim_start().starts_with("::"));
    assert_eq!(command, None, "{arguments:?}");
}

fn commands() -> Vec<Vec<&'static str>> {
    let formats = [
        "json",
        "yaml",
        "sam",
        "cloudformation",
        "terraform",
        "cdk",
        "cdk-python",
        "serverless",
        "cli",
        "report",
        "markdown",
        "sarif",
    ];
    let mut commands: Vec<Vec<&str>> = Vec::new();
    for format in formats {
        commands.push(vec![".", "-v", "--format", format]);
        commands.push(vec![".", "--no-template", "--format", format]);
        commands.push(vec![".", "--per-function", "--format", format]);
    }
    for format in ["text", "markdown", "json"] {
        commands.push(vec!["explain", ".", "--format", format]);
        commands.push(vec!["explain", ".", "--no-template", "--format", format]);
    }
    for format in ["text", "markdown", "json"] {
        commands.push(vec!["explain", ".", "--per-function", "--format", format]);
    }
    commands.push(vec!["explain", ".", "--why-wildcard"]);
    commands.push(vec!["explain", ".", "--why-wildcard", "--per-function"]);
    for format in ["text", "markdown", "json", "sarif"] {
        commands.push(vec!["diff", "empty", ".", "--format", format]);
        commands.push(vec!["diff", ".", "empty", "--format", format]);
    }
    for format in ["text", "json", "sarif"] {
        commands.push(vec!["check", ".", "--format", format]);
        commands.push(vec!["check", ".", "--policy", "policy.json", "--format", format]);
    }
    commands.push(vec!["check", ".", "--policy", "policy.json", "--fix"]);
    commands.push(vec!["check", ".", "--policy", "policy.json", "--write-baseline", "accepted.json"]);
    commands.push(vec!["check", ".", "--fix"]);
    commands.push(vec!["apply", ".", "--dry-run"]);
    // Reports that somebody else wrote, and names that the user passes on from somewhere.
    commands.push(vec!["merge", "report.json", HOSTILE_NAME]);
    commands.push(vec!["merge", "report.json", "other.json"]);
    commands.push(vec!["merge", "raw.json"]);
    for format in ["text", "markdown", "json", "sarif"] {
        commands.push(vec!["diff", "empty", "raw.json", "--format", format]);
        commands.push(vec!["diff", "raw.json", "report.json", "--format", format]);
    }
    for format in ["text", "json"] {
        commands.push(vec![
            "simulate",
            "--policy",
            "policy.json",
            "--action",
            HOSTILE,
            "--resource",
            HOSTILE,
            "--format",
            format,
        ]);
        commands.push(vec!["lookup", HOSTILE, "--format", format]);
        commands.push(vec!["diagnose", DENIAL, "--code", ".", "--policy", "policy.json", "--format", format]);
    }
    commands
}

#[test]
fn no_text_of_a_project_controls_a_terminal_or_a_build_log() {
    let sandbox = project();
    let mut said = 0;
    for arguments in commands() {
        let run = sandbox.run(&arguments);
        assert!(run.code.is_some(), "{arguments:?}: {}", run.stderr);
        assert!(!run.stderr.contains("panicked"), "{arguments:?}: {}", run.stderr);
        is_inert(&arguments, &run.stdout);
        is_inert(&arguments, &run.stderr);
        said += usize::from(format!("{}{}", run.stdout, run.stderr).contains("onerror"));
    }
    // The names are there, only not in effect.
    assert!(said > 60, "{said}");
    is_inert(&["the baseline"], &sandbox.read("accepted.json"));
}

/// The HTML that Markdown is rendered as.
fn rendered(markdown: &str) -> String {
    let node = tools::formats(Path::new(SCRATCH)).expect("Node.js with its packages");
    let mut child = Command::new("node")
        .arg(node.folder.join("render.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node starts");
    child.stdin.take().expect("a pipe").write_all(markdown.as_bytes()).expect("writes");
    String::from_utf8_lossy(&child.wait_with_output().expect("ends").stdout).into_owned()
}

#[test]
fn no_text_of_a_project_becomes_part_of_a_page() {
    let sandbox = project();
    for arguments in commands().into_iter().filter(|arguments| arguments.contains(&"markdown")) {
        let Run { stdout, .. } = sandbox.run(&arguments);
        let html = rendered(&stdout);
        // What is meant to be there.
        assert!(
            html.contains("<h") || html.contains("<table") || html.contains("<p>"),
            "{arguments:?}: {html}"
        );
        for active in ["<img", "<script", "href=\"javascript", "<h1>Heading", "onerror=alert(1)>"] {
            assert!(!html.contains(active), "{arguments:?}: {active}\n{stdout}\n{html}");
        }
        // Mentions count outside of code only.
        let mut outside = String::new();
        let mut rest = html.as_str();
        while let Some(start) = rest.find("<code") {
            outside.push_str(&rest[..start]);
            rest = rest[start..].split_once("</code>").map_or("", |(_, after)| after);
        }
        outside.push_str(rest);
        assert!(!outside.contains("@everyone"), "{arguments:?}: {stdout}");
    }
}

/// Every line of a graph is an edge between nodes whose labels are letters, digits and entity codes.
#[test]
fn no_text_of_a_project_becomes_part_of_a_graph() {
    let sandbox = project();
    let mut edges = 0;
    for scope in ["--no-template", "--per-function"] {
        let text = sandbox.run(&["explain", ".", scope, "--format", "markdown"]).stdout;
        let mut inside = false;
        for line in text.lines() {
            if line.starts_with("```") {
                inside = line == "```mermaid";
                continue;
            }
            if !inside || line == "flowchart LR" {
                continue;
            }
            edges += 1;
            let nodes: Vec<&str> = line.trim().split(" --> ").collect();
            assert_eq!(nodes.len(), 2, "{line}");
            for node in nodes {
                let label = node.trim_start_matches(|c: char| c == 'n' || c.is_ascii_digit());
                let inner = label.trim_start_matches(['(', '[', '"']).trim_end_matches([')', ']', '"']);
                let is_plain = |c: char| c.is_alphanumeric() || "._-/ #;".contains(c);
                assert!(inner.chars().all(is_plain), "{line}");
            }
        }
        assert!(!inside, "{text}");
    }
    assert!(edges > 2, "{edges}");
}
