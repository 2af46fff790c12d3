//! Who asks, and whom a statement names.
//!
//! Source: "AWS JSON policy elements: Principal" and "AWS JSON policy elements: NotPrincipal".

use serde_json::Value;

use crate::Arn;

/// Who makes a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// An IAM user, role, session or account root, by its ARN.
    Iam {
        /// The ARN as the request has it.
        arn: String,
        /// The role behind a session: `arn:aws:iam::123456789012:role/name`.
        role: Option<String>,
        /// The account.
        account: String,
        /// What it is.
        kind: IamKind,
    },
    /// A service, such as `lambda.amazonaws.com`.
    Service(String),
    /// A federated identity by its provider, such as `accounts.google.com` or a SAML provider's ARN.
    Federated(String),
    /// Nobody who is known to AWS.
    Anonymous,
}

/// The kinds of IAM principals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IamKind {
    /// The root user of the account.
    Root,
    /// A user.
    User,
    /// A role, or a session of it whose name is not known.
    Role,
    /// A named session of a role.
    Session,
    /// A federated user session.
    FederatedUser,
}

impl Principal {
    /// Reads an ARN, a service (`lambda.amazonaws.com`), an account (12 digits: its root user), a provider, or
    /// `*` for anonymous.
    #[must_use]
    pub fn parse(text: &str) -> Principal {
        if text == "*" || text.eq_ignore_ascii_case("anonymous") {
            return Principal::Anonymous;
        }
        if is_account(text) {
            return Principal::parse(&format!("arn:aws:iam::{text}:root"));
        }
        let Ok(arn) = text.parse::<Arn>() else {
            let service = text.ends_with(".amazonaws.com") && !text.starts_with("cognito-identity.");
            return if service || text.ends_with(".amazonaws.com.cn") {
                Principal::Service(text.to_owned())
            } else {
                Principal::Federated(text.to_owned())
            };
        };
        let kind = match arn.resource.split(['/', ':']).next().unwrap_or_default() {
            "root" => IamKind::Root,
            "role" => IamKind::Role,
            "assumed-role" => IamKind::Session,
            "federated-user" => IamKind::FederatedUser,
            "saml-provider" | "oidc-provider" => return Principal::Federated(text.to_owned()),
            _ => IamKind::User,
        };
        let role = match kind {
            IamKind::Role => Some(text.to_owned()),
            IamKind::Session => arn.resource.split('/').nth(1).map(|role| {
                Arn {
                    service: "iam".to_owned(),
                    resource: format!("role/{role}"),
                    region: String::new(),
                    ..arn.clone()
                }
                .to_string()
            }),
            _ => None,
        };
        Principal::Iam { arn: text.to_owned(), role, account: arn.account, kind }
    }

    /// The account, of IAM principals.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match self {
            Principal::Iam { account, .. } => Some(account),
            _ => None,
        }
    }

    /// Whether it is a role that a service made for itself, or a session of one. Sessions do not tell the path of their
    /// role, but its name. Source: "Create a service-linked role", names and paths.
    #[must_use]
    pub fn is_service_linked(&self) -> bool {
        let Principal::Iam { role: Some(role), .. } = self else { return false };
        let Some((_, path)) = role.split_once(":role/") else { return false };
        path.starts_with("aws-service-role/") || path.starts_with("AWSServiceRoleFor")
    }

    /// The context keys that follow from the principal.
    pub(crate) fn context(&self) -> Vec<(&'static str, String)> {
        let Principal::Iam { arn, role, account, kind } = self else { return Vec::new() };
        let principal = role.as_ref().unwrap_or(arn).clone();
        let name = match kind {
            IamKind::Root => "Account",
            IamKind::User => "User",
            IamKind::Role | IamKind::Session => "AssumedRole",
            IamKind::FederatedUser => "FederatedUser",
        };
        let mut keys = vec![
            ("aws:PrincipalArn", principal),
            ("aws:PrincipalAccount", account.clone()),
            ("aws:PrincipalType", name.to_owned()),
        ];
        if *kind == IamKind::User {
            keys.extend(arn.rsplit('/').next().map(|name| ("aws:username", name.to_owned())));
        }
        keys
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// How a statement names the principal of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Named {
    /// Its account: what the account's own policies say counts too.
    Account,
    /// The role behind the session.
    Role,
    /// Itself, or everybody.
    Directly,
}

/// Whom a statement names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Principals {
    everybody: bool,
    aws: Vec<String>,
    services: Vec<String>,
    federated: Vec<String>,
}

impl Principals {
    /// Reads the element; values of other forms name nobody.
    pub(crate) fn new(element: &Value) -> Principals {
        let mut principals = Principals::default();
        if element == "*" {
            principals.everybody = true;
            return principals;
        }
        for (kind, names) in element.as_object().into_iter().flatten() {
            let names = match names {
                Value::Array(names) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
                Value::String(name) => vec![name.clone()],
                _ => Vec::new(),
            };
            match kind.as_str() {
                "AWS" => {
                    principals.everybody |= names.iter().any(|name| name == "*");
                    principals.aws = names;
                }
                "Service" => principals.services = names,
                "Federated" => principals.federated = names,
                // A canonical user is an account under another name, which a request does not tell.
                _ => {}
            }
        }
        principals
    }

    /// How the statement names the principal, the most direct way first.
    pub(crate) fn names(&self, principal: &Principal) -> Option<Named> {
        if self.everybody {
            return Some(Named::Directly);
        }
        let has = |names: &[String], name: &str| names.iter().any(|known| known == name || known == "*");
        let direct = |found: bool| found.then_some(Named::Directly);
        match principal {
            Principal::Anonymous => None,
            Principal::Service(name) => direct(has(&self.services, name)),
            Principal::Federated(name) => direct(has(&self.federated, name)),
            Principal::Iam { arn, role, account, kind } => {
                let named = |name: &str| self.aws.iter().any(|known| known == name);
                if named(arn) && *kind == IamKind::Role {
                    return Some(Named::Role);
                }
                if named(arn) && *kind != IamKind::Root {
                    return Some(Named::Directly);
                }
                if role.as_deref().is_some_and(|role| self.aws.iter().any(|known| is_role(known, role))) {
                    return Some(Named::Role);
                }
                self.aws.iter().any(|known| is_account_of(known, account)).then_some(Named::Account)
            }
        }
    }

    /// Whether a `NotPrincipal` lists the principal: a role has to be listed with its account, and a session
    /// with its role and account.
    pub(crate) fn excludes(&self, principal: &Principal) -> bool {
        match principal {
            Principal::Iam { arn, role, account, kind } if !self.everybody => {
                let named = |name: &str| self.aws.iter().any(|known| known == name);
                let account = self.aws.iter().any(|known| is_account_of(known, account));
                let role =
                    role.as_deref().is_none_or(|role| self.aws.iter().any(|known| is_role(known, role)));
                account && role && (named(arn) || matches!(kind, IamKind::Root | IamKind::Role))
            }
            _ => self.names(principal).is_some(),
        }
    }
}

/// Whether an ARN in a policy is that of a role, of which a session does not tell the path.
fn is_role(known: &str, role: &str) -> bool {
    if known == role {
        return true;
    }
    let (Some((account, path)), Some((other, name))) =
        (known.split_once(":role/"), role.split_once(":role/"))
    else {
        return false;
    };
    account == other && !name.contains('/') && path.rsplit('/').next() == Some(name)
}

/// `123456789012` or the ARN of the account's root.
fn is_account_of(known: &str, account: &str) -> bool {
    if known == account {
        return !account.is_empty();
    }
    known.strip_suffix(":root").and_then(|rest| rest.rsplit(':').next()) == Some(account)
        && known.starts_with("arn:")
}
