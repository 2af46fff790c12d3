//! What resolvers and functions of AWS AppSync ask of a data source: request templates, which are read for the
//! members of the requests that they make, and code, which is analysed like any other.
//!
//! Source: "AWS AppSync resolver mapping template reference" and "AWS AppSync JavaScript resolver function
//! reference" of each kind of data source in the AWS AppSync Developer Guide.

use perm_infer_policy::Pattern;

use super::{Reader, request_template};
use crate::cfn::function::Subject;
use crate::cfn::needs::Found;
use crate::code::{Runtime, join};
use crate::environment::Environment;
use crate::model::{Argument, Code, Program};
use crate::tree::{Mark, Node};
use crate::value::Value;

/// What is asked of a data source.
#[derive(Default)]
pub(super) struct Asked {
    /// Members of requests that templates make, each with the place of its template.
    pub(super) requests: Vec<(Vec<(String, Argument)>, Mark)>,
    /// Code that makes requests.
    pub(super) programs: Vec<Program>,
    /// Where something is that cannot be read.
    pub(super) unread: Option<Mark>,
}

impl Asked {
    /// Whether all that uses the data source is known.
    pub(super) fn is_known(&self) -> bool {
        self.unread.is_none() && !(self.requests.is_empty() && self.programs.is_empty())
    }
}

impl Reader<'_> {
    /// What the resolvers and functions of the template ask of a data source.
    pub(super) fn asked_of(&mut self, subject: &Subject<'_>, source: &Value) -> Asked {
        let template = self.template(subject.stack);
        let mut asked = Asked::default();
        for entry in template.of_types(&["AWS::AppSync::Resolver", "AWS::AppSync::FunctionConfiguration"]) {
            let Some(properties) = entry.value.get("Properties") else { continue };
            let Some(named) = properties.get("DataSourceName") else { continue };
            if self.is_source(subject, source, named) && self.may_exist(subject.stack, &entry.value) {
                let resolver = Subject::of(subject.stack, entry, false, None);
                self.add_asked(&resolver, &mut asked);
            }
        }
        asked
    }

    fn is_source(&mut self, subject: &Subject<'_>, source: &Value, named: &Node) -> bool {
        let referred = named
            .intrinsic()
            .and_then(|(_, argument)| argument.text().or_else(|| argument.items().first()?.text()));
        if let Some(id) = referred.map(|id| id.split('.').next().unwrap_or(id))
            && id == subject.id
        {
            return true;
        }
        let names = source.get("Name").map(Value::texts).unwrap_or_default();
        named.text().is_some() && self.texts(subject.stack, named).iter().any(|name| names.contains(name))
    }

    fn add_asked(&mut self, resolver: &Subject<'_>, asked: &mut Asked) {
        let stated = ["RequestMappingTemplate", "RequestMappingTemplateS3Location", "Code", "CodeS3Location"];
        let found = stated.iter().find_map(|name| Some((*name, resolver.get(&[name])?)));
        let Some((name, node)) = found else {
            // Direct resolvers of functions have neither.
            return;
        };
        match name {
            "RequestMappingTemplate" => {
                let template = self.long_text(resolver.stack, node);
                Self::add_request_template(&template, node.at, asked);
            }
            "RequestMappingTemplateS3Location" => {
                let text =
                    self.file_beside(resolver, node).and_then(|path| std::fs::read_to_string(path).ok());
                match text {
                    Some(text) => Self::add_request_template(&Pattern::literal(text), node.at, asked),
                    None => asked.unread = Some(node.at),
                }
            }
            _ => match self.code_of_resolver(resolver, name, node) {
                Some(code) => asked.programs.push(Program {
                    name: resolver.id.to_owned(),
                    code,
                    environment: Environment::default(),
                    receiver: None,
                }),
                None => asked.unread = Some(node.at),
            },
        }
    }

    /// A template may put its request together in steps: what any of its objects has, the request may have.
    fn add_request_template(template: &Pattern, at: Mark, asked: &mut Asked) {
        let mut members: Vec<(String, Argument)> = Vec::new();
        for object in request_template::objects(template) {
            members.extend(object.into_iter().filter(|(name, _)| {
                [
                    "operation",
                    "index",
                    "tables",
                    "transactItems",
                    "condition",
                    "method",
                    "resourcePath",
                    "params",
                ]
                .contains(&name.as_str())
            }));
        }
        for name in ["operation", "index"] {
            let texts = request_template::assigned(template, name);
            if !texts.is_empty() {
                members.push((name.to_owned(), Argument::Text(texts)));
            }
        }
        if !request_template::assigned(template, "condition").is_empty() {
            members.push(("condition".to_owned(), Argument::Given("the request template".to_owned())));
        }
        asked.requests.push((members, at));
    }

    /// A local file that a property names, before the template is packaged.
    fn file_beside(&mut self, resolver: &Subject<'_>, node: &Node) -> Option<std::path::PathBuf> {
        let local = self.known_text(resolver.stack, node).filter(|local| !local.contains("://"))?;
        let path = join(&self.template(resolver.stack).directory, &local);
        let is_small = std::fs::metadata(&path).is_ok_and(|metadata| metadata.len() < 1 << 20);
        (is_small && self.may_read(&path, node.at)).then_some(path)
    }

    fn code_of_resolver(&mut self, resolver: &Subject<'_>, name: &str, node: &Node) -> Option<Code> {
        let location = self.location(node.at);
        let function = "request".to_owned();
        if name == "Code" {
            let code = self.inline_text(resolver, node, &function, Runtime::Node, location)?;
            return matches!(&code, Code::Inline { text, .. } if is_of_library(text)).then_some(code);
        }
        let file = match self.file_beside(resolver, node) {
            Some(file) => file,
            None => {
                let place = self.texts(resolver.stack, node).into_iter().next()?;
                self.file_asset(resolver.stack, &place)?
            }
        };
        let text = std::fs::read_to_string(&file).ok()?;
        is_of_library(&text).then_some(Code::Handler { file, function, location })
    }

    /// Calls of the operations that requests to tables name; whether all are known.
    pub(super) fn table_requests(&self, asked: &Asked, tables: &[Pattern], found: &mut Found) -> bool {
        let mut all = true;
        for (members, at) in &asked.requests {
            let texts = |name: &str| -> Vec<Pattern> {
                let same = members.iter().filter(|(member, _)| member == name);
                same.flat_map(|(_, value)| match value {
                    Argument::Text(texts) => texts.clone(),
                    _ => vec![Pattern::any()],
                })
                .collect()
            };
            let operations = texts("operation");
            all &= !operations.is_empty();
            for operation in operations {
                let Some(operation) = operation.as_literal() else {
                    all = false;
                    continue;
                };
                match self.table_request(operation, members, &texts("index"), tables, *at) {
                    Some(calls) => found.calls.extend(calls),
                    None => all = false,
                }
            }
        }
        all
    }

    /// The calls of one request; none where it is not known.
    fn table_request(
        &self,
        operation: &str,
        members: &[(String, Argument)],
        indexes: &[Pattern],
        tables: &[Pattern],
        at: Mark,
    ) -> Option<Vec<crate::model::Call>> {
        let member = |name: &str| members.iter().find(|(member, _)| member == name).map(|(_, value)| value);
        let table = || ("TableName".to_owned(), Argument::Text(tables.to_vec()));
        let call = |operation: &str, arguments| {
            self.call("dynamodb", operation, arguments, at, "a resolver of the data source asks for it")
        };
        let calls = match operation {
            "GetItem" => vec![call(operation, vec![table()])],
            "PutItem" | "UpdateItem" | "DeleteItem" => {
                // "Condition expressions": the item is read where the condition fails.
                let reads = member("condition").map(|_| call("GetItem", vec![table()]));
                std::iter::once(call(operation, vec![table()])).chain(reads).collect()
            }
            "Query" | "Scan" => match indexes {
                [] => vec![call(operation, vec![table()])],
                indexes => vec![call(
                    operation,
                    vec![table(), ("IndexName".to_owned(), Argument::Text(indexes.to_vec()))],
                )],
            },
            "BatchGetItem" | "BatchPutItem" | "BatchDeleteItem" => {
                let Some(Argument::Map(entries)) = member("tables") else { return None };
                let requests =
                    entries.iter().map(|(name, _)| (name.clone(), Argument::List(Vec::new()))).collect();
                let real = if operation == "BatchGetItem" { operation } else { "BatchWriteItem" };
                vec![call(real, vec![("RequestItems".to_owned(), Argument::Map(requests))])]
            }
            "TransactGetItems" | "TransactWriteItems" => {
                let Some(Argument::List(items)) = member("transactItems") else { return None };
                let items: Option<Vec<Argument>> =
                    items.iter().map(|item| transaction(item, operation)).collect();
                vec![call(operation, vec![("TransactItems".to_owned(), Argument::List(items?))])]
            }
            _ => return None,
        };
        Some(calls)
    }
}

/// Whether code imports the library of resolvers, without which no file is read for them.
fn is_of_library(text: &str) -> bool {
    text.contains("@aws-appsync/utils")
}

/// One item of a transaction as the API of Amazon DynamoDB has it.
fn transaction(item: &Argument, operation: &str) -> Option<Argument> {
    let Argument::Map(members) = item else { return None };
    let member =
        |name: &str| members.iter().find(|(member, _)| member == name).map(|(_, value)| value.clone());
    let table = vec![("TableName".to_owned(), member("table")?)];
    let kind = match (operation, member("operation")) {
        ("TransactGetItems", _) => "Get",
        (_, Some(Argument::Text(texts))) => match texts.first()?.as_literal()? {
            "PutItem" => "Put",
            "UpdateItem" => "Update",
            "DeleteItem" => "Delete",
            "ConditionCheck" => "ConditionCheck",
            _ => return None,
        },
        _ => return None,
    };
    Some(Argument::Map(vec![(kind.to_owned(), Argument::Map(table))]))
}
