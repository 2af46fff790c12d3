//! What resources are called: given names, the pattern of names that CloudFormation makes, and the values
//! of `Ref` and `Fn::GetAtt` for resources.

use perm_infer_policy::{Part, Pattern};

use super::function::Subject;
use super::pseudo::{self, arn};
use super::types::{self, Gives, ResourceType, Unnamed};
use super::{Reader, StackId};
use crate::model::Language;
use crate::references::{ArnOf, Reference};
use crate::tree::{Mark, Node};

/// Characters of a stack name and of a logical id that are always kept when a name would be too long.
/// Not documented; names in the wild keep at least this many.
const ALWAYS_KEPT: usize = 20;

/// Characters that CloudFormation appends, with a dash: 12 for functions, 13 for others.
const RANDOM: usize = 14;

impl Reader<'_> {
    /// The value of `Ref` for a resource.
    pub(super) fn resource_reference(&mut self, stack: StackId, id: &str, at: Mark) -> Vec<Pattern> {
        let template = self.template(stack);
        let Some(known) = template.resource_type(id).and_then(types::find) else {
            return vec![self.opaque(stack, id, "", at)];
        };
        let name = self.name_symbol(stack, id, known);
        match known.reference {
            Gives::Name => name,
            Gives::Arn => self.arns(stack, id, known, &name),
            Gives::QueueUrl => name.iter().map(queue_url).collect(),
        }
    }

    /// The value of `Fn::GetAtt` for a resource.
    pub(super) fn resource_attribute(
        &mut self,
        stack: StackId,
        id: &str,
        attribute: &str,
        at: Mark,
    ) -> Vec<Pattern> {
        let template = self.template(stack);
        let Some(known) = template.resource_type(id).and_then(types::find) else {
            return vec![self.opaque(stack, id, attribute, at)];
        };
        let name = self.name_symbol(stack, id, known);
        let suffixed = |suffix: &str| -> Vec<Pattern> {
            let with = |name: &Pattern| {
                let mut value = name.clone();
                value.push_literal(suffix);
                value
            };
            name.iter().map(with).collect()
        };
        match (known.name, attribute) {
            (_, attribute) if attribute == known.arn_attribute => self.arns(stack, id, known, &name),
            (_, attribute) if attribute == known.name_attribute => name,
            ("AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable", "StreamArn") => {
                let with_stream = |mut arn: Pattern| {
                    arn.push_literal("/stream/");
                    arn.push(Part::Any);
                    arn
                };
                self.arns(stack, id, known, &name).into_iter().map(with_stream).collect()
            }
            (_, "Arn") if !known.arn.is_empty() => self.arns(stack, id, known, &name),
            ("AWS::ECR::Repository", "RepositoryUri") => name.iter().map(repository_uri).collect(),
            ("AWS::SQS::Queue", "QueueUrl") => name.iter().map(queue_url).collect(),
            ("AWS::S3::Bucket", "DomainName") => suffixed(".s3.amazonaws.com"),
            ("AWS::S3::Bucket", "RegionalDomainName") => {
                let with_region = |name: &Pattern| {
                    let mut value = name.clone();
                    value.push_literal(".s3.");
                    value.push(pseudo::part("AWS::Region"));
                    value.push_literal(".");
                    value.push(pseudo::part("AWS::URLSuffix"));
                    value
                };
                name.iter().map(with_region).collect()
            }
            _ => vec![self.opaque(stack, id, attribute, at)],
        }
    }

    /// ARNs of a resource, noting the expressions for them.
    pub(super) fn resource_arns(&mut self, stack: StackId, id: &str) -> Vec<Pattern> {
        let template = self.template(stack);
        let Some(known) = template.resource_type(id).and_then(types::find) else { return Vec::new() };
        let name = self.name_symbol(stack, id, known);
        self.arns(stack, id, known, &name)
    }

    /// Notes the expressions for the ARNs of all resources of a stack.
    pub(super) fn note_arns(&mut self, stack: StackId) {
        let template = self.template(stack);
        for entry in template.root.get("Resources").map(Node::entries).unwrap_or_default() {
            self.resource_arns(stack, &entry.key);
        }
    }

    fn arns(&mut self, stack: StackId, id: &str, known: &ResourceType, names: &[Pattern]) -> Vec<Pattern> {
        let scope = self.template(stack).scope.clone();
        let attribute = (!known.arn_attribute.is_empty() && known.reference != Gives::Arn
            || known.name == "AWS::AppSync::GraphQLApi")
            .then(|| known.arn_attribute.to_owned());
        let arns: Vec<Pattern> = names.iter().map(|name| arn(known.arn, name)).collect();
        // An ARN without an attribute is `Ref` only where that gives it.
        if attribute.is_some() || known.reference == Gives::Arn {
            for arn in &arns {
                let of =
                    ArnOf { scope: scope.clone(), logical_id: id.to_owned(), attribute: attribute.clone() };
                self.references.add_arn(pseudo::as_written(arn), of);
            }
        }
        arns
    }

    /// The reference that stands for the name of a resource, or the name itself where it has a structure
    /// that others look into, such as a path.
    fn name_symbol(&mut self, stack: StackId, id: &str, known: &ResourceType) -> Vec<Pattern> {
        let values = self.resource_names(stack, id, known);
        let template = self.template(stack);
        let place = template.entry(id);
        let name = match known.name_attribute {
            "" => format!("{}{id}", template.scope),
            attribute => format!("{}{id}.{attribute}", template.scope),
        };
        let unnamed =
            "its name is made by AWS when it is created; narrow the policy by hand once it is known";
        let reference = Reference {
            values,
            location: place.map(|entry| self.location(entry.at)),
            what: format!("resource {}", self.shown_id(id)),
            remedy: unnamed.to_owned(),
            is_arn: false,
            written: Vec::new(),
        };
        let values = self.as_symbol(&name, reference);
        // Values with a structure have no symbol, and say themselves what they are made of.
        if let [only] = values.as_slice()
            && let [Part::Raw(_)] = only.parts()
        {
            self.references.mark_resource(&name);
        }
        values
    }

    /// The symbol for a reference whose values are plain names; else the values.
    pub(super) fn as_symbol(&mut self, name: &str, reference: Reference) -> Vec<Pattern> {
        let is_empty = |value: &Pattern| *value == Pattern::default();
        if reference.values.iter().any(|value| !is_plain(value) || is_empty(value)) {
            return reference.values;
        }
        self.references.compose(name, &reference.values);
        let values = reference.values.iter().map(|value| self.references.resolve(value));
        let values = values.flatten().collect();
        let written = reference.values;
        let mut pattern = Pattern::default();
        pattern.push(self.references.symbol(name, Reference { values, written, ..reference }));
        vec![pattern]
    }

    /// A logical id as people know the resource: `aws_kms_key.key` in Terraform.
    fn shown_id(&self, id: &str) -> String {
        match self.language {
            Language::Terraform => id.replacen(':', ".", 1),
            Language::CloudFormation | Language::Serverless => id.to_owned(),
        }
    }

    /// A value that is known only by its reference.
    fn opaque(&mut self, stack: StackId, id: &str, attribute: &str, at: Mark) -> Pattern {
        let template = self.template(stack);
        let dot = if attribute.is_empty() { "" } else { "." };
        let place = template.entry(id);
        let reference = Reference {
            values: vec![Pattern::any()],
            location: Some(self.location(place.map_or(at, |entry| entry.at))),
            what: format!("resource {}", self.shown_id(id)),
            remedy: "its value is made by AWS when it is created; narrow the policy by hand once it is known"
                .to_owned(),
            is_arn: attribute.ends_with("Arn") || attribute.ends_with("ARN"),
            written: Vec::new(),
        };
        let name = format!("{}{id}{dot}{attribute}", template.scope);
        let mut pattern = Pattern::default();
        pattern.push(self.references.symbol(&name, reference));
        pattern
    }

    /// What a resource may be called.
    fn resource_names(&mut self, stack: StackId, id: &str, known: &ResourceType) -> Vec<Pattern> {
        let key = (stack, id.to_owned());
        match self.names.get(&key) {
            Some(Some(names)) => return names.clone(),
            Some(None) => {
                let template = self.template(stack);
                if let Some(resource) = template.resource(id) {
                    let message = format!("the name of {id} refers to itself");
                    self.warn("cyclic-reference", resource.at, message, "break the circle of references");
                }
                return vec![Pattern::any()];
            }
            None => {}
        }
        self.names.insert(key.clone(), None);
        let template = self.template(stack);
        let given = template
            .resource(id)
            .and_then(|resource| resource.get("Properties"))
            .and_then(|properties| properties.get(known.name_property));
        let choices = given.map(|given| self.choices(stack, given)).unwrap_or_default();
        let mut names: Vec<Pattern> = Vec::new();
        for choice in &choices {
            match choice {
                Some(node) => names.extend(self.texts(stack, node)),
                None => names.push(self.made_name(stack, id, known)),
            }
        }
        if names.is_empty() {
            names.push(self.made_name(stack, id, known));
        }
        if known.name == "AWS::IAM::Role" {
            names = self.with_path(stack, id, names);
        }
        names.sort();
        names.dedup();
        self.names.insert(key, Some(names.clone()));
        names
    }

    /// The path of a role stands before its name in the ARN.
    fn with_path(&mut self, stack: StackId, id: &str, names: Vec<Pattern>) -> Vec<Pattern> {
        let template = self.template(stack);
        let path = template.resource(id).and_then(|role| role.at_path(&["Properties", "Path"]));
        let Some(path) = path.and_then(|path| path.text()).map(|path| path.trim_start_matches('/')) else {
            return names;
        };
        let with = |name: Pattern| {
            let mut whole = Pattern::literal(path);
            whole.push_pattern(&name);
            whole
        };
        names.into_iter().map(with).collect()
    }

    /// The name of the role that a framework adds for a function. Sources: "IAM" in the Serverless Framework
    /// documentation, `<service>-<stage>-<region>-lambdaRole`; README of `serverless-iam-roles-per-function`, with the
    /// function before the region. AWS SAM leaves it to CloudFormation.
    pub(super) fn made_role_name(&mut self, subject: &Subject<'_>, id: &str) -> Vec<Pattern> {
        if self.language == Language::Serverless {
            if let Some(name) = subject.get(&["RoleName"]) {
                return self.texts(subject.stack, name);
            }
            let mut name = self.stack_name(subject.stack);
            name.push_literal("-");
            name.push(Part::Any);
            name.push_literal("-lambdaRole");
            return vec![name];
        }
        let known = types::find("AWS::IAM::Role");
        known.map(|known| self.made_name(subject.stack, id, known)).into_iter().collect()
    }

    /// The pattern of the names that CloudFormation makes.
    fn made_name(&self, stack: StackId, id: &str, known: &ResourceType) -> Pattern {
        let (limit, lower) = match known.unnamed {
            Unnamed::Id => return Pattern::any(),
            Unnamed::Contains => {
                let mut name = Pattern::any();
                name.push_literal(id);
                name.push(Part::Any);
                return name;
            }
            Unnamed::Stack(limit) => (limit, false),
            Unnamed::StackLower(limit) => (limit, true),
        };
        let cased = |text: &str| if lower { text.to_ascii_lowercase() } else { text.to_owned() };
        let stack_name = self.stack_name(stack);
        // With an unknown stack the logical id may be cut wherever the limit asks for it.
        let fits = match stack_name.as_literal() {
            Some(name) => name.len() + 1 + id.len() + RANDOM <= limit,
            None => id.len() <= ALWAYS_KEPT || limit >= 255,
        };
        let mut name = Pattern::default();
        if fits {
            for part in stack_name.parts() {
                match part {
                    Part::Literal(text) => name.push_literal(&cased(text)),
                    other => name.push(other.clone()),
                }
            }
        } else {
            let prefix: String = stack_name.literal_prefix().chars().take(ALWAYS_KEPT).collect();
            name.push_literal(&cased(&prefix));
            name.push(Part::Any);
        }
        name.push_literal("-");
        let kept: String = if fits { id.to_owned() } else { id.chars().take(ALWAYS_KEPT).collect() };
        name.push_literal(&cased(&kept));
        if fits {
            name.push_literal("-");
        }
        name.push(Part::Any);
        name
    }

    /// The name of a stack; nested ones are named like resources.
    pub(super) fn stack_name(&self, stack: StackId) -> Pattern {
        let template = self.template(stack);
        let Some((parent, id)) = &template.parent else {
            return self.settings.stack_name.as_ref().map_or_else(Pattern::any, Pattern::literal);
        };
        let mut name = self.stack_name(*parent);
        name.push_literal("-");
        name.push_literal(id);
        name.push_literal("-");
        name.push(Part::Any);
        name
    }
}

/// Whether a value has no structure that anybody looks into.
fn is_plain(value: &Pattern) -> bool {
    value.parts().iter().all(|part| match part {
        Part::Literal(text) => {
            text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        }
        Part::Any | Part::AnyChars(_) | Part::Raw(_) => true,
    })
}

/// `123456789012.dkr.ecr.eu-west-1.amazonaws.com/name`.
fn repository_uri(name: &Pattern) -> Pattern {
    let mut uri = Pattern::default();
    uri.push(pseudo::part("AWS::AccountId"));
    uri.push_literal(".dkr.ecr.");
    uri.push(pseudo::part("AWS::Region"));
    uri.push_literal(".");
    uri.push(pseudo::part("AWS::URLSuffix"));
    uri.push_literal("/");
    uri.push_pattern(name);
    uri
}

fn queue_url(name: &Pattern) -> Pattern {
    let mut url = Pattern::literal("https://sqs.");
    url.push(pseudo::part("AWS::Region"));
    url.push_literal(".");
    url.push(pseudo::part("AWS::URLSuffix"));
    url.push_literal("/");
    url.push(pseudo::part("AWS::AccountId"));
    url.push_literal("/");
    url.push_pattern(name);
    url
}
