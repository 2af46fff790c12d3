//! Policies that AWS wrote, offline: the managed policies that roles of applications have, and the policy
//! templates of AWS SAM. They are kept as text and looked for when one is asked for.

static MANAGED: &str = include_str!("../data/policies/managed.txt");
static TEMPLATES: &str = include_str!("../data/policies/sam.txt");

/// Managed policies that AWS made for execution roles and that do not have the path of such policies.
/// Source: "Defining Lambda function permissions with an execution role" in the AWS Lambda Developer Guide.
const FOR_EXECUTION_ROLES: [&str; 4] = [
    "AWSXRayDaemonWriteAccess",
    "AWSXrayWriteOnlyAccess",
    "CloudWatchLambdaApplicationSignalsExecutionRolePolicy",
    "CloudWatchLambdaInsightsExecutionRolePolicy",
];

/// A managed policy of AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ManagedPolicy {
    /// The path with the name behind it: `/service-role/AWSLambdaBasicExecutionRole`.
    place: &'static str,
    statements: &'static str,
}

impl ManagedPolicy {
    /// The policy of this name (`AWSLambdaRole`) or ARN, whatever its partition.
    #[must_use]
    pub fn find(name: &str) -> Option<ManagedPolicy> {
        let is_it = |place: &str| match name.strip_prefix("arn:") {
            Some(arn) => arn.split_once(":iam::aws:policy").is_some_and(|(_, wanted)| wanted == place),
            None => place.rsplit_once('/').is_some_and(|(_, own)| own == name),
        };
        ManagedPolicy::all().find(|policy| is_it(policy.place))
    }

    /// Every policy that is known, by name.
    pub fn all() -> impl Iterator<Item = ManagedPolicy> {
        blocks(MANAGED, "policy ").map(|(place, statements)| ManagedPolicy { place, statements })
    }

    /// `AWSLambdaBasicExecutionRole`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.place.rsplit_once('/').map_or(self.place, |(_, name)| name)
    }

    /// `arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole`, in this partition.
    #[must_use]
    pub fn arn(self, partition: &str) -> String {
        format!("arn:{partition}:iam::aws:policy{}", self.place)
    }

    /// Whether AWS made it for roles of a service: no wider than what the service does with such a role.
    #[must_use]
    pub fn is_for_services(self) -> bool {
        self.place.starts_with("/service-role/") || FOR_EXECUTION_ROLES.contains(&self.name())
    }

    /// Its statements, each as JSON on one line.
    pub fn statements(self) -> impl Iterator<Item = &'static str> {
        self.statements.lines()
    }
}

/// A policy template of AWS SAM: statements with parameters, in the notation of CloudFormation.
/// Source: "AWS SAM policy templates" in the AWS SAM Developer Guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SamPolicyTemplate {
    /// `DynamoDBCrudPolicy`.
    pub name: &'static str,
    parameters: &'static str,
    statements: &'static str,
}

impl SamPolicyTemplate {
    /// The template of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<SamPolicyTemplate> {
        SamPolicyTemplate::all().find(|template| template.name == name)
    }

    /// Every template, by name.
    pub fn all() -> impl Iterator<Item = SamPolicyTemplate> {
        blocks(TEMPLATES, "template ").filter_map(|(heading, statements)| {
            let (name, parameters) = heading.strip_suffix(')')?.split_once('(')?;
            Some(SamPolicyTemplate { name, parameters, statements })
        })
    }

    /// The names of its parameters; all of them have to be given.
    pub fn parameters(self) -> impl Iterator<Item = &'static str> {
        self.parameters.split_whitespace()
    }

    /// Its statements, each as JSON on one line.
    pub fn statements(self) -> impl Iterator<Item = &'static str> {
        self.statements.lines()
    }
}

/// The headings of a file and what stands below each.
fn blocks(text: &'static str, start: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut rest = text.find(&format!("\n{start}")).map_or("", |position| &text[position + 1..]);
    std::iter::from_fn(move || {
        let (heading, after) = rest.strip_prefix(start)?.split_once('\n')?;
        // A statement starts with a brace.
        let end = after.find(&format!("\n{start}")).map_or(after.len(), |position| position + 1);
        let (statements, others) = after.split_at(end);
        rest = others;
        Some((heading, statements))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use perm_infer_policy::{Document, Statement};

    #[test]
    fn managed_policies_are_found_by_name_and_by_arn_of_any_partition() {
        let name = "AWSLambdaBasicExecutionRole";
        let policy = ManagedPolicy::find(name).expect("known");
        assert_eq!(policy.name(), name);
        let arn = "arn:aws-cn:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
        assert_eq!(policy.arn("aws-cn"), arn);
        assert_eq!(ManagedPolicy::find(arn), Some(policy));
        for other in [
            "arn:aws:iam::123456789012:policy/AWSLambdaBasicExecutionRole",
            "arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole",
            "LambdaBasicExecutionRole",
            "",
        ] {
            assert_eq!(ManagedPolicy::find(other), None, "{other}");
        }
    }

    #[test]
    fn every_managed_policy_is_a_document() {
        let mut count = 0;
        for policy in ManagedPolicy::all() {
            count += 1;
            let statements: Result<Vec<Statement>, _> =
                policy.statements().map(serde_json::from_str).collect();
            let statements = statements.expect("statements");
            assert!(!statements.is_empty(), "{}", policy.name());
            let document = Document::new(statements);
            assert!(
                document
                    .statement
                    .iter()
                    .all(|statement| statement.resource.is_some() || statement.not_resource.is_some())
            );
        }
        assert!(count > 150, "{count}");
    }

    #[test]
    fn every_template_names_each_of_its_parameters() {
        let template = SamPolicyTemplate::find("DynamoDBCrudPolicy").expect("known");
        assert_eq!(template.parameters().collect::<Vec<_>>(), ["TableName"]);
        assert!(SamPolicyTemplate::all().count() > 70);
        for template in SamPolicyTemplate::all() {
            let text: String = template.statements().collect();
            for parameter in template.parameters() {
                let reference = format!("{{\"Ref\":\"{parameter}\"}}");
                let inside = format!("${{{parameter}}}");
                assert!(text.contains(&reference) || text.contains(&inside), "{} {parameter}", template.name);
            }
        }
    }

    #[test]
    fn the_text_stays_small_beside_the_table() {
        assert!(MANAGED.len() + TEMPLATES.len() < 500_000);
    }
}
