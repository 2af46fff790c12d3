//! Input that nobody writes on purpose, and input that somebody does: never a panic, a hang or the
//! loss of another file's results, and a clear diagnostic where something was lost.
//!
//! Every test has a good file next to the bad one, and every run has a time limit.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use std::fmt::Write as _;
use std::fs;

use perm_infer_tests::output::Diagnostic;
use perm_infer_tests::sandbox::{Run, Sandbox};

/// The good file: one call of which everything is known.
const GOOD: &str = "import boto3\nboto3.client('s3').get_object(Bucket='good', Key='a')\n";

const GOOD_PERMISSION: &str = "s3:GetObject on arn:aws:s3:::good/a";

/// How deep the nesting goes.
const DEEP: usize = 10_000;

/// How many of something one file has.
const MANY: usize = 20_000;

fn sandbox() -> Sandbox {
    Sandbox::new(env!("CARGO_TARGET_TMPDIR")).with("good.py", GOOD)
}

/// Reads the directory.
fn scan(sandbox: &Sandbox) -> Run {
    scan_with(sandbox, &[])
}

fn scan_with(sandbox: &Sandbox, paths: &[&str]) -> Run {
    let run = sandbox.run(&[&["-v", "."], paths].concat());
    let mark = |text: &str| run.stderr.contains(text);
    assert!(!mark("internal error") && !mark("panicked") && !mark("[internal-error]"), "{}", run.stderr);
    run
}

/// A file beside the good one; gives the run, which has to find the good file's permission. The file is
/// named, so that it is read however much it looks like the output of a tool.
#[track_caller]
fn beside_good(path: &str, content: impl AsRef<[u8]>) -> Run {
    let run = scan_with(&sandbox().with(path, content), &[path]);
    assert!(run.permissions().iter().any(|found| found == GOOD_PERMISSION), "{run:?}");
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    run
}

/// Permissions beside that of the good file.
fn others(run: &Run) -> Vec<String> {
    run.permissions().into_iter().filter(|found| found != GOOD_PERMISSION).collect()
}

#[track_caller]
fn only_diagnostic(run: &Run) -> Diagnostic {
    let diagnostics = run.diagnostics();
    assert_eq!(diagnostics.len(), 1, "{}", run.stderr);
    diagnostics.into_iter().next().expect("just counted")
}

/// `(bad.py, None, warning, code)` as one text, for short assertions.
#[track_caller]
fn only(run: &Run) -> String {
    let Diagnostic { file, line, severity, code } = only_diagnostic(run);
    let line = line.map_or_else(String::new, |line| format!(":{line}"));
    format!("{file}{line}: {severity} {code}")
}

// What is there

#[test]
fn a_path_that_does_not_exist() {
    let run = sandbox().run(&["nowhere", "."]);
    assert_eq!(run.permissions(), [GOOD_PERMISSION]);
    assert_eq!(only(&run), "nowhere: error path-not-found");
    assert_eq!(run.code, Some(2));
}

#[test]
fn a_directory_without_supported_files() {
    let sandbox = sandbox().with("docs/readme.md", "boto3.client('s3')");
    let run = sandbox.run(&["docs", "."]);
    assert_eq!(run.permissions(), [GOOD_PERMISSION]);
    let alone = sandbox.run(&["docs"]);
    assert_eq!((alone.code, only(&alone)), (Some(2), ": error no-source-files".to_owned()));
}

#[test]
fn an_empty_file() {
    let run = beside_good("empty.py", "");
    assert_eq!(run.codes(), Vec::<String>::new());
}

#[test]
#[cfg(unix)]
fn an_unreadable_file() {
    let sandbox = sandbox().with("bad.py", GOOD.replace("good", "bad"));
    make_unreadable(&sandbox.path().join("bad.py"));
    let run = scan(&sandbox);
    assert_eq!(run.permissions(), [GOOD_PERMISSION]);
    assert_eq!(only(&run), "bad.py: warning unreadable-file");
    assert_eq!(sandbox.run(&["--strict", "."]).code, Some(3));
}

/// The superuser reads what nobody may read. A process's memory at address 0 nobody can.
#[cfg(unix)]
fn make_unreadable(path: &std::path::Path) {
    use std::os::unix::fs::{PermissionsExt, symlink};
    fs::set_permissions(path, fs::Permissions::from_mode(0o000)).expect("permissions");
    if fs::read(path).is_ok() {
        fs::remove_file(path).expect("removed");
        symlink("/proc/self/mem", path).expect("linked");
        assert!(fs::read(path).is_err(), "nothing here is unreadable");
    }
}

#[test]
#[cfg(unix)]
fn an_unreadable_directory_or_a_link_to_nothing() {
    let sandbox = sandbox();
    std::os::unix::fs::symlink("nothing.py", sandbox.path().join("bad.py")).expect("linked");
    let run = scan(&sandbox);
    assert_eq!(run.permissions(), [GOOD_PERMISSION]);
    assert_eq!(only(&run), "bad.py: warning unreadable-file");
}

#[test]
#[cfg(unix)]
fn links_in_a_circle() {
    use std::os::unix::fs::symlink;
    let sandbox = sandbox().with("a/x.py", "x = 1\n").with("b/y.py", "y = 1\n");
    symlink("..", sandbox.path().join("a/up")).expect("linked");
    symlink("../b", sandbox.path().join("a/b")).expect("linked");
    symlink("../a", sandbox.path().join("b/a")).expect("linked");
    symlink("self.py", sandbox.path().join("self.py")).expect("linked");
    let run = scan(&sandbox);
    assert_eq!(run.permissions(), [GOOD_PERMISSION]);
    assert_eq!(only(&run), "self.py: note symlink-loop");
}

// Bytes

#[test]
fn a_binary_file_with_a_source_name() {
    let run = beside_good("bad.py", b"\x7fELF\x02\x01\x01\0\0boto3.client('s3')\0\xff\xfe");
    assert_eq!(only(&run), "bad.py: warning binary-file");
}

#[test]
fn a_bundle_of_50_megabytes() {
    let call = "new(require('@aws-sdk/client-s3').S3)().getObject({Bucket:'b',Key:'k'});";
    let run = beside_good("bundle.js", call.repeat(50_000_000 / call.len() + 1));
    assert_eq!(only(&run), "bundle.js: warning file-too-large");
    assert_eq!(others(&run), Vec::<String>::new());
}

#[test]
fn latin_1_text() {
    let run = beside_good(
        "bad.py",
        b"# caf\xe9\nimport boto3\nboto3.client('s3').get_object(Bucket='b', Key='k')\n",
    );
    assert_eq!(others(&run), ["s3:GetObject on arn:aws:s3:::b/k"]);
    assert_eq!(only(&run), "bad.py: warning not-utf8");
}

#[test]
fn nothing_but_noise() {
    let mut state = 1_u32;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        // Printable ASCII and line feeds, so that it counts as text.
        let byte = (state >> 24) as u8 % 96;
        if byte == 95 { b'\n' } else { byte + b' ' }
    });
    let text: Vec<u8> =
        b"import boto3 // @aws-sdk/client-s3\n".iter().copied().chain(noise.take(300_000)).collect();
    for path in ["bad.py", "bad.js", "bad.ts", "bad.tsx"] {
        let run = beside_good(path, &text);
        assert!(run.codes().contains(&"syntax-error".to_owned()), "{path}: {}", run.stderr);
    }
}

// Syntax

#[test]
fn a_syntax_error_in_the_middle() {
    let source = "import boto3
s3 = boto3.client('s3')


def before():
    s3.get_object(Bucket='before', Key='k')


def broken(:
    s3.get_object(Bucket=


def after():
    s3.get_object(Bucket='after', Key='k')
";
    let run = beside_good("bad.py", source);
    let found = others(&run);
    for bucket in ["before", "after"] {
        let permission = format!("s3:GetObject on arn:aws:s3:::{bucket}/k");
        assert!(found.contains(&permission), "{bucket}: {found:?}");
    }
    assert!(run.stderr.contains("bad.py:9:"), "{}", run.stderr);
    assert!(run.codes().contains(&"syntax-error".to_owned()), "{}", run.stderr);
}

/// A call deep inside has to be found, or it has to be said that something was not read.
#[track_caller]
fn found_or_told(path: &str, source: &str) {
    let run = beside_good(path, source);
    let found = others(&run) == ["s3:GetObject on arn:aws:s3:::b/k"];
    let told = run.codes().iter().any(|code| code == "nested-too-deep" || code == "syntax-error");
    assert!(found || told, "{path}: {}...\n{run:?}", source.chars().take(200).collect::<String>());
}

const PYTHON_CALL: &str = "s3.get_object(Bucket='b', Key='k')";
const JAVASCRIPT_CALL: &str = "s3.getObject({ Bucket: 'b', Key: 'k' })";

fn python(statements: &str) -> String {
    format!("import boto3\ns3 = boto3.client('s3')\n{statements}\n")
}

fn javascript(statements: &str) -> String {
    format!("import {{ S3 }} from '@aws-sdk/client-s3';\nconst s3 = new S3({{}});\n{statements}\n")
}

fn nested(open: &str, inner: &str, close: &str) -> String {
    open.repeat(DEEP) + inner + &close.repeat(DEEP)
}

#[test]
fn parentheses_nested_ten_thousand_deep() {
    found_or_told("bad.py", &python(&format!("x = {}", nested("(", PYTHON_CALL, ")"))));
    for path in ["bad.js", "bad.ts", "bad.tsx"] {
        found_or_told(path, &javascript(&format!("x = {}", nested("(", JAVASCRIPT_CALL, ")"))));
    }
}

#[test]
fn a_call_after_the_nesting_is_not_lost() {
    for (open, close) in [("(", ")"), ("[", "]"), ("f(", ")"), ("{1: ", "}")] {
        let source = python(&format!("x = {}\n{PYTHON_CALL}", nested(open, "1", close)));
        assert_eq!(others(&beside_good("bad.py", source)), ["s3:GetObject on arn:aws:s3:::b/k"]);
    }
    for (open, close) in [("(", ")"), ("[", "]"), ("f(", ")"), ("{a: ", "}")] {
        let source = javascript(&format!("let x = {};\n{JAVASCRIPT_CALL};", nested(open, "1", close)));
        assert_eq!(others(&beside_good("bad.js", source)), ["s3:GetObject on arn:aws:s3:::b/k"]);
    }
}

#[test]
fn anything_else_that_nests_in_python() {
    for (open, close) in [
        ("[", "]"),
        ("{1: ", "}"),
        ("f(", ")"),
        ("f'{", "}'"),
        ("-", ""),
        ("not ", ""),
        ("lambda: ", ""),
        ("(", ""),
    ] {
        found_or_told("bad.py", &python(&format!("x = {}", nested(open, PYTHON_CALL, close))));
    }
}

#[test]
fn anything_else_that_nests_in_javascript_and_typescript() {
    for (open, close) in [
        ("[", "]"),
        ("f(", ")"),
        ("!", ""),
        ("() => ", ""),
        ("`${", "}`"),
        ("{a: ", "}"),
        ("a ? b : ", ""),
        ("(", ""),
    ] {
        let source = javascript(&format!("let x = {};", nested(open, JAVASCRIPT_CALL, close)));
        found_or_told("bad.js", &source);
        found_or_told("bad.ts", &source);
    }
    found_or_told("bad.js", &javascript(&nested("{", JAVASCRIPT_CALL, "}")));
    found_or_told("bad.js", &javascript(&nested("if (a) ", JAVASCRIPT_CALL, "")));
    let children = nested("<a>", &format!("{{{JAVASCRIPT_CALL}}}"), "</a>");
    found_or_told("bad.jsx", &javascript(&format!("let x = {children};")));
    let types = nested("A<", "b", ">");
    found_or_told("bad.ts", &javascript(&format!("let x: {types};\n{JAVASCRIPT_CALL};")));
}

#[test]
fn chains_without_an_end() {
    for link in [" + 'a'", ".a", "()", "[0]", " and a"] {
        found_or_told("bad.py", &python(&format!("x = {PYTHON_CALL}{}", link.repeat(MANY))));
    }
    for link in [" + 'a'", ".a", "()", "[0]", " && a", "?.a"] {
        found_or_told("bad.js", &javascript(&format!("let x = {JAVASCRIPT_CALL}{};", link.repeat(MANY))));
    }
}

#[test]
fn branches_without_an_end() {
    let branches = "elif a:\n    b()\n".repeat(MANY);
    found_or_told("bad.py", &python(&format!("if a:\n    b()\n{branches}else:\n    {PYTHON_CALL}")));
    let branches = "else if (a) b();\n".repeat(MANY);
    found_or_told("bad.js", &javascript(&format!("if (a) b();\n{branches}else {JAVASCRIPT_CALL};")));
}

// Programs

#[test]
fn a_cyclic_import() {
    let sandbox = sandbox()
        .with("a.py", "import boto3\nfrom b import bucket\nname = 'k'\ndef read():\n    boto3.client('s3').get_object(Bucket=bucket, Key=name)\n")
        .with("b.py", "import a\nbucket = 'b'\ndef run():\n    a.read()\n")
        .with("c.js", "import { d } from './d.js';\nexport const bucket = 'c';\nd();\n")
        .with("d.js", "import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\nimport { bucket } from './c.js';\nexport const d = () => new S3Client({}).send(new GetObjectCommand({ Bucket: bucket, Key: 'k' }));\n");
    let run = scan(&sandbox);
    let expected = ["s3:GetObject on arn:aws:s3:::b/k", "s3:GetObject on arn:aws:s3:::c/k", GOOD_PERMISSION];
    assert_eq!(run.permissions(), expected);
    assert_eq!(run.codes(), Vec::<String>::new());
}

#[test]
fn mutually_recursive_functions() {
    let source = "import boto3
s3 = boto3.client('s3')


def even(n, key):
    if n == 0:
        return s3.get_object(Bucket='b', Key=key)
    return odd(n - 1, key)


def odd(n, key):
    return even(n - 1, key)


def grow(text):
    s3.put_object(Bucket='b', Key=text, Body=b'')
    return grow(text + 'a')


odd(9, 'k')
grow('a')
";
    let run = beside_good("bad.py", source);
    let found = others(&run);
    assert!(found.contains(&"s3:GetObject on arn:aws:s3:::b/k".to_owned()), "{found:?}");
    assert!(
        found.iter().any(|found| found == "s3:PutObject on arn:aws:s3:::b/*"
            || found == "s3:PutObject on arn:aws:s3:::b/a*"),
        "{found:?}"
    );
}

#[test]
fn a_function_with_500_parameters() {
    let names: Vec<String> = (0..500).map(|number| format!("p{number}")).collect();
    let keys: Vec<String> = (0..500).map(|number| format!("'k{number}'")).collect();
    let source = format!(
        "import boto3\n\n\ndef f({}):\n    boto3.client('s3').get_object(Bucket='b', Key=p499)\n\n\nf({})\n",
        names.join(", "),
        keys.join(", ")
    );
    let run = beside_good("bad.py", source);
    assert_eq!(others(&run), ["s3:GetObject on arn:aws:s3:::b/k499"]);
}

#[test]
fn twenty_thousand_functions_in_one_file() {
    let mut source = String::from("import boto3\ns3 = boto3.client('s3')\n");
    for number in 0..MANY {
        writeln!(source, "def f{number}(key):\n    return key").expect("a string");
    }
    source += "def last():\n    s3.get_object(Bucket='b', Key=f19999('k'))\n";
    assert_eq!(others(&beside_good("bad.py", source)), ["s3:GetObject on arn:aws:s3:::b/k"]);
}

#[test]
fn twenty_thousand_functions_that_each_call() {
    let mut source = String::from("import boto3\ns3 = boto3.client('s3')\n");
    for number in 0..MANY {
        writeln!(source, "def f{number}():\n    s3.get_object(Bucket='b', Key='{}')", number % 7)
            .expect("a string");
    }
    assert_eq!(others(&beside_good("bad.py", source)).len(), 7);
}

#[test]
fn twenty_thousand_functions_that_call_each_other() {
    let mut source = String::from("import boto3\ns3 = boto3.client('s3')\n");
    for number in 0..MANY {
        writeln!(source, "def f{number}(key):\n    f{}(key)", number + 1).expect("a string");
    }
    write!(source, "def f{MANY}(key):\n    s3.get_object(Bucket='b', Key=key)\n\n\nf0('k')\n")
        .expect("a string");
    let run = beside_good("bad.py", source);
    let found = others(&run);
    assert!(found.iter().any(|found| found.starts_with("s3:GetObject on arn:aws:s3:::b/")), "{run:?}");
}

#[test]
fn functions_that_call_each_other_in_twos() {
    // Each level doubles the number of ways to the call.
    let mut source = String::from("import boto3\ns3 = boto3.client('s3')\n");
    for number in 0..60 {
        writeln!(source, "def f{number}(key):\n    f{0}(key + 'a')\n    f{0}(key + 'b')", number + 1)
            .expect("a string");
    }
    source += "def f60(key):\n    s3.get_object(Bucket='b', Key=key)\n\n\nf0('k')\n";
    let run = beside_good("bad.py", source);
    assert!(others(&run).iter().all(|found| found.starts_with("s3:GetObject on arn:aws:s3:::b/")), "{run:?}");
    assert!(!others(&run).is_empty());
}

// Templates

/// A template beside the good file; gives the run, which has to find the good file's permission.
#[track_caller]
fn template_beside_good(path: &str, content: impl AsRef<[u8]>) -> Run {
    let run = scan(&sandbox().with(path, content));
    assert!(run.permissions().iter().any(|found| found == GOOD_PERMISSION), "{run:?}");
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    run
}

#[test]
fn a_template_whose_aliases_would_fill_the_memory() {
    let mut text = "Resources:\n  A: &a0 [AWS::x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let items = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(text, "  B{level}: &a{level} [{items}]").expect("a string");
    }
    let run = template_beside_good("template.yaml", text);
    let diagnostic = only_diagnostic(&run);
    assert_eq!((diagnostic.file.as_str(), diagnostic.code.as_str()), ("template.yaml", "template-syntax"));
    assert!(diagnostic.line.is_some_and(|line| line < 10), "{}", run.stderr);
}

#[test]
fn templates_nested_without_an_end() {
    let yaml = format!("Resources: {}AWS::x{}", "[".repeat(DEEP), "]".repeat(DEEP));
    assert_eq!(only_diagnostic(&template_beside_good("template.yaml", yaml)).code, "template-syntax");
    let json = format!("{{\"Resources\": {}\"AWS::x\"{}}}", "{\"a\":".repeat(DEEP), "}".repeat(DEEP));
    assert_eq!(only_diagnostic(&template_beside_good("template.json", json)).code, "template-syntax");
    let hcl = format!(
        "locals {{\n  a = {}1{}\n}}\nmodule \"m\" {{\n  source = \"./x\"\n}}\n",
        "[".repeat(DEEP),
        "]".repeat(DEEP)
    );
    let run = template_beside_good("main.tf", hcl);
    assert!(run.stderr.contains("main.tf:2"), "{}", run.stderr);
}

#[test]
fn names_that_double_with_every_resource() {
    let mut text = "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  R0: {Type: AWS::SQS::Queue, Properties: {QueueName: q/q}}\n".to_owned();
    for level in 1..64 {
        writeln!(
            text,
            "  R{level}: {{Type: AWS::SQS::Queue, Properties: {{QueueName: !Sub '${{R{0}.QueueName}}${{R{0}.QueueName}}'}}}}",
            level - 1
        )
        .expect("a string");
    }
    text.push_str("  F: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, Handler: good.handler, Environment: {Variables: {Q: !Ref R63}}}}\n");
    template_beside_good("template.yaml", text);
}

#[test]
fn a_nested_stack_that_contains_itself() {
    let text = "Resources:\n  Me:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: template.yaml\n";
    let run = template_beside_good("template.yaml", text);
    assert_eq!(only(&run), "template.yaml:5: warning cyclic-reference");
}

#[test]
fn a_generated_template_of_twenty_thousand_lines() {
    let mut text = "Transform: AWS::Serverless-2016-10-31\nResources:\n".to_owned();
    for number in 0..MANY / 8 {
        write!(
            text,
            "  T{number}:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      TableName: !Sub t-{number}-${{AWS::Region}}\n      AttributeDefinitions:\n        - AttributeName: id\n          AttributeType: S\n      BillingMode: PAY_PER_REQUEST\n"
        )
        .expect("a string");
    }
    text.push_str("  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.13\n      Handler: good.missing\n");
    let run = template_beside_good("template.yaml", text);
    // The file of the handler is there, the function is not: the whole file is taken.
    let line = u32::try_from(2 + MANY + 5).ok();
    let is_told = |told: &Diagnostic| told.code == "handler-not-found" && told.line == line;
    assert!(run.diagnostics().iter().any(is_told), "{}", run.stderr);
}

/// Hundreds of functions with tables, queues, data sources and tasks of their own: what each needs is looked up, not
/// searched for, and grants are compared with few others.
#[test]
fn a_generated_template_of_many_functions() {
    const COUNT: usize = MANY / 40;
    let mut text = "Transform: AWS::Serverless-2016-10-31\nResources:\n".to_owned();
    for n in 0..COUNT {
        write!(
            text,
            "  T{n}:\n    Type: AWS::DynamoDB::Table\n  Q{n}:\n    Type: AWS::SQS::Queue\n  P{n}:\n    Type: AWS::SSM::Parameter\n    Properties:\n      Value: !Ref T{n}\n\
             \x20 F{n}:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.13\n      Handler: good.missing\n      Environment:\n        Variables:\n          TABLE: !Ref T{n}\n      Events:\n        E:\n          Type: SQS\n          Properties:\n            Queue: !GetAtt Q{n}.Arn\n\
             \x20 D{n}:\n    Type: AWS::AppSync::DataSource\n    Properties:\n      Name: d{n}\n      ServiceRoleArn: arn:aws:iam::123456789012:role/x\n      DynamoDBConfig:\n        TableName: !Ref T{n}\n\
             \x20 R{n}:\n    Type: AWS::AppSync::Resolver\n    Properties:\n      DataSourceName: !GetAtt D{n}.Name\n      RequestMappingTemplate: '{{\"operation\": \"GetItem\"}}'\n\
             \x20 K{n}:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      TaskRoleArn: arn:aws:iam::123456789012:role/x\n"
        )
        .expect("a string");
    }
    assert!(text.lines().count() > MANY - MANY / 10);
    let run = template_beside_good("template.yaml", text);
    let polled = run.permissions().iter().filter(|found| found.starts_with("sqs:ReceiveMessage on ")).count();
    assert_eq!(polled, COUNT);
}

#[test]
fn the_output_of_an_application_around_the_path_is_told() {
    let manifest = r#"{"version": "36.0.0", "artifacts": {"S": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "S.template.json"}}}}"#;
    let template = r#"{"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "python3.13", "Handler": "app.handler", "Code": {}}}}}"#;
    let sandbox =
        sandbox().with("cdk.out/manifest.json", manifest).with("cdk.out/S.template.json", template).with(
            "lambda/app.py",
            "import boto3\ndef handler(event, context):\n    boto3.client('sqs').list_queues()\n",
        );
    let run = sandbox.run(&["-v", "lambda"]);
    assert!(
        run.stderr.contains("lambda: note: an application of AWS CDK around this path"),
        "{}",
        run.stderr
    );
    let run = sandbox.run(&["-v", "--allow-outside", "lambda"]);
    assert!(!run.stderr.contains("around this path"), "{}", run.stderr);
}

#[test]
fn templates_of_other_clouds() {
    let template = r#"{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0", "Resources": [], "resources": [{"type": "Microsoft.Web/sites"}]}"#;
    let manager = "resources:\n- name: vm\n  type: compute.v1.instance\n";
    let kubernetes = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: a, image: b}]}}}\n";
    let terraform = "provider \"google\" {}\nresource \"google_cloudfunctions_function\" \"f\" {\n  entry_point = \"aws_lambda_function\"\n}\nmodule \"m\" {\n  source = \"./m\"\n}\n";
    let run = scan(
        &sandbox()
            .with("azure.template.json", template)
            .with("deployment-template.yaml", manager)
            .with("stack.yaml", kubernetes)
            .with("infra/main.tf", terraform)
            .with("infra/m/main.tf", "resource \"azurerm_function_app\" \"f\" {}\n"),
    );
    assert_eq!(run.permissions(), [GOOD_PERMISSION], "{run:?}");
    assert_eq!(run.code, Some(0), "{}", run.stderr);
}

#[test]
fn an_image_outside_of_the_paths_is_not_read() {
    let sandbox = sandbox()
        .with("out/Dockerfile", "FROM python\nCMD python /app.py\n")
        .with("out/app.py", "import boto3\nboto3.client('sqs').list_queues()\n")
        .with("in/template.yaml", "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Metadata: {DockerContext: ../out, Dockerfile: Dockerfile}\n    Properties: {PackageType: Image}\n");
    let run = sandbox.run(&["in"]);
    assert!(run.stderr.contains("outside-of-paths"), "{}", run.stderr);
    assert!(!run.permissions().iter().any(|found| found.starts_with("sqs:ListQueues")), "{run:?}");
    let run = sandbox.run(&["--allow-outside", "in"]);
    assert!(run.permissions().iter().any(|found| found.starts_with("sqs:ListQueues")), "{run:?}");
}

#[test]
fn dockerfiles_and_scripts_that_go_in_circles() {
    let template = "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  T:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      TaskRoleArn: arn:aws:iam::123456789012:role/x\n      ContainerDefinitions:\n      - {Name: web, Image: !Ref 'AWS::StackName'}\n";
    let dockerfile = "FROM a AS b\nCOPY --from=b / /\nENTRYPOINT [\"./start.sh\"]\nCMD [\"./start.sh\"]\n";
    let run = scan(
        &sandbox()
            .with("template.yaml", template)
            .with("web/Dockerfile", dockerfile)
            .with("web/start.sh", "exec ./start.sh \"$@\" $(./start.sh)\nnpm start\n")
            .with("web/package.json", r#"{"scripts": {"start": "npm start && sh start.sh"}}"#),
    );
    assert!(run.permissions().contains(&GOOD_PERMISSION.to_owned()), "{run:?}");
    assert_eq!(run.codes(), ["handler-not-found", "code-by-handler"], "{}", run.stderr);
}

#[test]
fn template_names_cannot_widen_the_policy() {
    let text = "AWSTemplateFormatVersion: '2010-09-09'\nParameters:\n  P: {Type: String, Default: '*'}\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.13\n      Handler: bad.handler\n      FunctionName: 'f*'\n      Environment: {Variables: {B: !Sub '${P}${!aws:x}', K: '*'}}\n";
    let code = "import boto3, os\ndef handler(e, c):\n    boto3.client('s3').put_object(Bucket=os.environ['B'], Key=os.environ['K'])\n";
    let run = scan(&sandbox().with("template.yaml", text).with("bad.py", code));
    assert!(
        others(&run).contains(&"s3:PutObject on arn:aws:s3:::${*}${$}{aws:x}/${*}".to_owned()),
        "{run:?}"
    );
}

#[test]
fn definitions_nested_without_an_end() {
    let open = "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Parallel\", \"Branches\": [";
    let text = format!("{}{}", open.repeat(DEEP), "]}}}".repeat(DEEP));
    let run = template_beside_good("deep.asl.json", text);
    assert_eq!(run.codes(), ["role-of-a-service", "template-syntax"], "{}", run.stderr);
    let placeholders = format!("{{\"StartAt\": \"A\", \"States\": {{\"A\": {}}}}}", "${".repeat(MANY));
    template_beside_good("open.asl.json", placeholders);
}

#[test]
fn a_definition_of_twenty_thousand_lines() {
    let mut states = String::new();
    for number in 0..MANY / 4 {
        let comma = if number > 0 { "," } else { "" };
        write!(
            states,
            "{comma}\n\"S{number}\": {{\n\"Type\": \"Task\", \"Resource\": \"arn:aws:states:::dynamodb:getItem\",\n\"Parameters\": {{\"TableName\": \"t{number}\"}},\n\"End\": true}}"
        )
        .expect("a string");
    }
    let text = format!("{{\"StartAt\": \"S0\", \"States\": {{{states}}}}}");
    let sandbox = sandbox().with("many.asl.json", text);
    let run = sandbox.run(&["--function", "many", "."]);
    assert_eq!(run.permissions().len(), MANY / 4, "{}", run.stderr);
}

#[test]
fn names_of_a_definition_cannot_widen_the_policy() {
    let text = r#"{"StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "*"}, "Next": "B"},
        "B": {"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:*", "Next": "C"},
        "C": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"QueueUrl": "${aws:x}"}, "End": true}
    }}"#;
    let run = sandbox().with("wide.asl.json", text).run(&["--function", "wide", "."]);
    assert_eq!(
        run.permissions(),
        [
            "dynamodb:GetItem on arn:aws:dynamodb:*:*:table/${*}",
            "lambda:InvokeFunction on arn:aws:lambda:eu-west-1:123456789012:function:${*}",
            "sqs:SendMessage on arn:aws:sqs:*:*:*",
        ]
    );
    assert!(run.codes().contains(&"unresolved-reference".to_owned()), "{}", run.stderr);
}
