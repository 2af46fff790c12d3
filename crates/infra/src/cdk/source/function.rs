//! Functions among constructs: their code, environment, and what they need besides.

use std::path::Path;

use super::{Construct, Program, Tree, call, entry, list, map, nested, scalar, unknown};
use crate::code::{join, shown};
use crate::tree::{Entry, Mark, Node, mention};

/// Classes that make functions.
const CLASSES: [&str; 7] = [
    "cloudfront.experimental.EdgeFunction",
    "lambda-nodejs.NodejsFunction",
    "lambda-python-alpha.PythonFunction",
    "lambda-python.PythonFunction",
    "lambda.DockerImageFunction",
    "lambda.Function",
    "lambda.SingletonFunction",
];

pub(super) fn is_function(operation: &str) -> bool {
    CLASSES.contains(&operation)
}

/// What a function says about its code.
#[derive(Default)]
struct FunctionCode {
    properties: Vec<Entry>,
    metadata: Vec<Entry>,
}

impl Program {
    pub(super) fn function(&mut self, position: usize, constructs: &[Construct], resources: &mut Vec<Entry>) {
        let (id, at, token) = {
            let made = &self.made[position];
            (made.id.clone(), made.at, made.token.clone())
        };
        let stated = self.made[position].properties.clone();
        let mut properties = match super::resources::find("lambda.Function") {
            Some(class) => self.named(position, class),
            None => Vec::new(),
        };
        let code = self.code(position, &stated, at);
        properties.extend(code.properties);
        properties.push(self.environment(&stated, &token, constructs, at));
        let has_vpc = stated.get("vpc").is_some_and(|vpc| *vpc != Tree::Null);
        if has_vpc {
            properties.push(nested(&["VpcConfig", "SubnetIds"], list(at, vec![unknown(at)])));
        }
        if stated.get("role").is_none_or(|role| *role == Tree::Null) {
            // The role that CDK makes has these.
            let mut policies = vec!["AWSLambdaBasicExecutionRole"];
            if has_vpc {
                policies.push("AWSLambdaVPCAccessExecutionRole");
            }
            let policies = policies.iter().map(|name| scalar(name, at)).collect();
            properties.push(entry("Policies", list(at, policies)));
        }
        properties.extend(self.other_properties(&stated, at));
        let mut inner = vec![entry("Type", scalar("AWS::Serverless::Function", at))];
        inner.push(entry("Properties", map(at, properties)));
        if !code.metadata.is_empty() {
            inner.push(entry("Metadata", map(at, code.metadata)));
        }
        resources.push(Entry { key: id.clone(), at, value: map(at, inner) });
        self.event_sources(&id, &stated, &token, constructs, resources);
        // What else invokes it is not looked for.
        resources.push(mention(format!("{id}Invoker"), &[&id], at));
    }

    fn other_properties(&mut self, stated: &Tree, at: Mark) -> Vec<Entry> {
        let mut properties = Vec::new();
        if stated.get("tracing").and_then(Tree::text).as_deref() == Some("ACTIVE") {
            properties.push(entry("Tracing", scalar("Active", at)));
        }
        if let Some(queue) = stated.get("deadLetterQueue").or_else(|| stated.get("deadLetterTopic")) {
            let arn = self.arn(queue, at);
            properties.push(nested(&["DeadLetterQueue", "TargetArn"], arn));
        }
        let mut sides = Vec::new();
        for (from, to) in [("onSuccess", "OnSuccess"), ("onFailure", "OnFailure")] {
            if let Some(Tree::Call(_, arguments, _)) = stated.get(from)
                && let Some(target) = arguments.first()
            {
                let arn = self.arn(target, at);
                sides.push(nested(&[to, "Destination"], arn));
            }
        }
        if !sides.is_empty() {
            properties.push(nested(&["EventInvokeConfig", "DestinationConfig"], map(at, sides)));
        }
        if let Some(key) = stated.get("environmentEncryption") {
            properties.push(entry("KmsKeyArn", self.arn(key, at)));
        }
        if stated.get("filesystem").is_some_and(|mount| *mount != Tree::Null) {
            let mount = map(at, vec![entry("Arn", unknown(at))]);
            properties.push(entry("FileSystemConfigs", list(at, vec![mount])));
        }
        properties
    }

    /// The ARN of a construct that is given as such.
    fn arn(&mut self, construct: &Tree, at: Mark) -> Node {
        let Some(token) = construct.token() else { return self.node(construct, at) };
        let Some(&position) = self.ids.get(&token) else { return unknown(at) };
        let made = &self.made[position];
        let names =
            ["queueArn", "topicArn", "keyArn", "functionArn", "eventBusArn", "bucketArn", "streamArn"];
        let class = super::resources::find(&made.operation);
        let arn = class.and_then(|class| names.iter().find_map(|name| class.attribute(name, &made.id, at)));
        arn.unwrap_or_else(|| unknown(at))
    }

    fn environment(&mut self, stated: &Tree, token: &str, constructs: &[Construct], at: Mark) -> Entry {
        let mut variables: Vec<Entry> = Vec::new();
        for (name, value) in stated.get("environment").map(Tree::entries).unwrap_or_default() {
            variables.push(entry(name, self.node(value, at)));
        }
        for change in changes(constructs, "addEnvironment", token) {
            let at = self.mark(&change.location);
            let arguments = change.params.get("arguments").map(Tree::items).unwrap_or_default();
            if let [name, value, ..] = arguments
                && let Some(name) = name.text()
            {
                variables.push(entry(&name, self.node(value, at)));
            }
        }
        nested(&["Environment", "Variables"], map(at, variables))
    }

    /// Event sources that the function polls.
    fn event_sources(
        &mut self,
        id: &str,
        stated: &Tree,
        token: &str,
        constructs: &[Construct],
        resources: &mut Vec<Entry>,
    ) {
        let mut sources: Vec<(Tree, Mark)> = Vec::new();
        let at = self.ids.get(token).map_or_else(Mark::default, |&position| self.made[position].at);
        sources.extend(
            stated.get("events").map(Tree::items).unwrap_or_default().iter().map(|one| (one.clone(), at)),
        );
        for change in changes(constructs, "addEventSource", token) {
            let at = self.mark(&change.location);
            let arguments = change.params.get("arguments").map(Tree::items).unwrap_or_default();
            sources.extend(arguments.first().map(|source| (source.clone(), at)));
        }
        let mut arns: Vec<(Node, Mark)> = Vec::new();
        for (source, at) in sources {
            let Tree::Call(name, arguments, _) = &source else { continue };
            let Some(construct) = arguments.first() else { continue };
            let arn = match name.as_str() {
                "lambda-event-sources.SqsEventSource" | "lambda-event-sources.KinesisEventSource" => {
                    self.arn(construct, at)
                }
                "lambda-event-sources.DynamoEventSource" => self.stream(construct, at),
                _ => continue,
            };
            arns.push((arn, at));
        }
        for change in changes(constructs, "addEventSourceMapping", token) {
            let at = self.mark(&change.location);
            let arguments = change.params.get("arguments").map(Tree::items).unwrap_or_default();
            let named = change.params.get("properties").and_then(|all| all.get("eventSourceArn"));
            let arn = named.or_else(|| arguments.get(1)?.get("eventSourceArn")).cloned();
            if let Some(arn) = arn {
                arns.push((self.node(&arn, at), at));
            }
        }
        arns.extend(self.mappings(id, token, constructs));
        for (position, (arn, at)) in arns.into_iter().enumerate() {
            let properties =
                vec![entry("EventSourceArn", arn), entry("FunctionName", call("Ref", scalar(id, at)))];
            let inner = vec![
                entry("Type", scalar("AWS::Lambda::EventSourceMapping", at)),
                entry("Properties", map(at, properties)),
            ];
            resources.push(Entry { key: format!("{id}Source{position}"), at, value: map(at, inner) });
        }
    }

    /// The sources of mappings that are constructs of their own.
    fn mappings(&mut self, id: &str, token: &str, constructs: &[Construct]) -> Vec<(Node, Mark)> {
        let mut arns = Vec::new();
        for construct in constructs {
            if !["lambda.CfnEventSourceMapping", "lambda.EventSourceMapping"].contains(&&*construct.operation)
            {
                continue;
            }
            let at = self.mark(&construct.location);
            let arguments = construct.params.get("arguments").map(Tree::items).unwrap_or_default();
            let named = construct.params.get("properties");
            let stated = |name: &str| {
                named.and_then(|named| named.get(name)).or_else(|| arguments.last()?.get(name)).cloned()
            };
            let is_own = match (stated("target"), stated("functionName")) {
                (Some(target), _) => target.token().as_deref() == Some(token),
                (None, Some(name)) => refers_to(&self.node(&name, at), id),
                (None, None) => false,
            };
            if let Some(arn) = stated("eventSourceArn").filter(|_| is_own) {
                arns.push((self.node(&arn, at), at));
            }
        }
        arns
    }

    fn stream(&mut self, table: &Tree, at: Mark) -> Node {
        let position = table.token().and_then(|token| self.ids.get(&token).copied());
        let Some(made) = position.map(|position| &self.made[position]) else { return unknown(at) };
        let class = super::resources::find(&made.operation);
        class.and_then(|class| class.attribute("tableStreamArn", &made.id, at)).unwrap_or_else(|| unknown(at))
    }

    fn code(&mut self, position: usize, stated: &Tree, at: Mark) -> FunctionCode {
        let operation = self.made[position].operation.clone();
        let text = |name: &str| stated.get(name).and_then(Tree::text);
        let mut code = FunctionCode::default();
        let runtime = text("runtime").map(|runtime| runtime_identifier(&runtime));
        match operation.as_str() {
            "lambda-nodejs.NodejsFunction" => {
                let entry_file =
                    text("entry").map(|entry| self.path(&entry)).or_else(|| self.by_convention(position));
                let handler = text("handler").unwrap_or_else(|| "handler".to_owned());
                // Without dots it is the name of what the entry exports.
                let handler = if handler.contains('.') { handler } else { format!("index.{handler}") };
                code.properties.push(entry("Handler", scalar(&handler, at)));
                code.properties.push(entry("Runtime", scalar("nodejs", at)));
                let Some(file) = entry_file else {
                    code.properties.push(entry("CodeUri", scalar("s3://", at)));
                    return code;
                };
                let path = Path::new(&file);
                let parent = path.parent().map(shown).unwrap_or_else(|| ".".to_owned());
                let name =
                    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                code.properties.push(entry("CodeUri", scalar(&parent, at)));
                let points = list(at, vec![scalar(&name, at)]);
                code.metadata.push(nested(&["BuildProperties", "EntryPoints"], points));
            }
            "lambda-python-alpha.PythonFunction" | "lambda-python.PythonFunction" => {
                let directory = text("entry").map_or_else(|| "s3://".to_owned(), |entry| self.path(&entry));
                let index = text("index").unwrap_or_else(|| "index.py".to_owned());
                let handler = text("handler").unwrap_or_else(|| "handler".to_owned());
                let module = index.strip_suffix(".py").unwrap_or(&index).replace('/', ".");
                code.properties.push(entry("CodeUri", scalar(&directory, at)));
                code.properties.push(entry("Handler", scalar(&format!("{module}.{handler}"), at)));
                code.properties.push(entry("Runtime", scalar("python3", at)));
            }
            _ => {
                code.properties.extend(runtime.map(|runtime| entry("Runtime", scalar(&runtime, at))));
                let handler = stated.get("handler").cloned();
                if let Some(handler) = handler {
                    code.properties.push(entry("Handler", self.node(&handler, at)));
                }
                let stated = stated.get("code").cloned().unwrap_or(Tree::Unknown);
                self.stated_code(&stated, &mut code, at);
            }
        }
        code
    }

    fn stated_code(&mut self, stated: &Tree, code: &mut FunctionCode, at: Mark) {
        let place = |code: &mut FunctionCode, place: &str| {
            code.properties.push(entry("CodeUri", scalar(place, at)));
        };
        let Tree::Call(name, arguments, properties) = stated else { return place(code, "s3://") };
        let first = arguments.first().and_then(Tree::text);
        match (name.as_str(), first) {
            ("lambda.Code.fromAsset" | "lambda.Code.asset" | "lambda.AssetCode", Some(path)) => {
                let path = self.path(&path);
                place(code, &path);
            }
            ("lambda.Code.fromInline" | "lambda.Code.inline" | "lambda.InlineCode", _) => {
                let text = arguments.first().cloned().unwrap_or(Tree::Unknown);
                match file_of(&text) {
                    Some(path) => {
                        let path = self.path(&path);
                        handler_in(code, Path::new(&path), at);
                    }
                    None => code.properties.push(entry("InlineCode", self.node(&text, at))),
                }
            }
            ("lambda.DockerImageCode.fromImageAsset" | "lambda.Code.fromAssetImage", Some(path)) => {
                code.properties.push(entry("PackageType", scalar("Image", at)));
                code.metadata.push(entry("DockerContext", scalar(&self.path(&path), at)));
                let options: Vec<(String, Tree)> = arguments
                    .get(1)
                    .map(|options| options.entries().to_vec())
                    .unwrap_or_default()
                    .into_iter()
                    .chain(properties.iter().cloned())
                    .collect();
                let option = |name: &str| options.iter().find(|(key, _)| key == name).map(|(_, value)| value);
                if let Some(file) = option("file").and_then(Tree::text) {
                    code.metadata.push(entry("Dockerfile", scalar(&file, at)));
                }
                if let Some(command) = option("cmd") {
                    let command = self.node(command, at);
                    code.properties.push(nested(&["ImageConfig", "Command"], command));
                }
            }
            _ => place(code, "s3://"),
        }
    }

    /// A path as the scan shows it: from the place of a file of the program, or from the directory of the
    /// application, where CDK runs.
    fn path(&self, path: &str) -> String {
        let [relative, absolute] = &self.prefixes;
        if let Some(path) = path.strip_prefix(absolute.as_str()) {
            return format!("/{path}");
        }
        if let Some(path) = path.strip_prefix(relative.as_str()) {
            return shown(&join(Path::new(""), path));
        }
        shown(&join(&self.application, path))
    }

    /// `stack.Save.ts` beside the file that makes `Save`.
    fn by_convention(&self, position: usize) -> Option<String> {
        let made = &self.made[position];
        let stem = made.path.with_extension("");
        let id = made.part_of_name.as_ref()?;
        ["ts", "js", "mjs", "mts"].iter().find_map(|extension| {
            let mut name = stem.as_os_str().to_owned();
            name.push(format!(".{id}.{extension}"));
            let path = Path::new(&name);
            path.is_file().then(|| shown(path))
        })
    }
}

fn changes<'c>(
    constructs: &'c [Construct],
    method: &'c str,
    token: &'c str,
) -> impl Iterator<Item = &'c Construct> + 'c {
    constructs.iter().filter(move |construct| {
        construct.operation == method
            && construct.params.get("token").and_then(Tree::text).as_deref() == Some(token)
    })
}

/// Whether a value is the name or an attribute of a resource.
fn refers_to(value: &Node, id: &str) -> bool {
    match value.intrinsic() {
        Some(("Ref", name)) => name.text() == Some(id),
        Some(("Fn::GetAtt", parts)) => parts.items().first().and_then(Node::text) == Some(id),
        _ => false,
    }
}

/// The path of the file whose text a value is.
fn file_of(value: &Tree) -> Option<String> {
    let Tree::Call(name, arguments, _) = value else { return None };
    (name == "file.contents").then(|| arguments.first()?.text())?
}

/// Code in a file that the stack takes as text: the handler is in that file, whatever it is called.
fn handler_in(code: &mut FunctionCode, path: &Path, at: Mark) {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let function = code.properties.iter().find(|property| property.key == "Handler");
    let function = function.and_then(|handler| handler.value.text()?.rsplit('.').next());
    let handler = format!("{stem}.{}", function.unwrap_or("handler"));
    code.properties.retain(|property| property.key != "Handler");
    code.properties.push(entry("Handler", scalar(&handler, at)));
    let parent = path.parent().map(shown).unwrap_or_else(|| ".".to_owned());
    code.properties.push(entry("CodeUri", scalar(&parent, at)));
}

/// `nodejs22.x` of `NODEJS_22_X`, `python3.13` of `PYTHON_3_13`.
fn runtime_identifier(constant: &str) -> String {
    let lower = constant.to_lowercase();
    let (language, version) = lower.split_once('_').unwrap_or((&lower, ""));
    format!("{language}{}", version.replace('_', "."))
}
