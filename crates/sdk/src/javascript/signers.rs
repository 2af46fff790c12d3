//! Signers: a token that they make is a request to connect, with the rights of whoever signs.

use perm_infer_analysis::{Args, Cx, LibraryValue, Value};

use super::foreign::foreign;
use super::{Javascript, kind};
use crate::shared::{dict_of, entry};

impl Javascript<'_> {
    /// A signer of connections to a database of Amazon RDS, in both SDKs. In v2 its options may come with each
    /// token.
    pub(crate) fn database_signer(&self, cx: &mut Cx<'_, '_>, args: &Args) -> Value {
        let options = args.at(0).cloned().unwrap_or_default();
        let (host, user) = (entry(cx, &options, "hostname"), entry(cx, &options, "username"));
        self.database_token(cx, &host, &user);
        Value::library(kind::DATABASE_SIGNER, "rds", vec![("hostname", host), ("username", user)])
    }

    /// A method of a signer of Amazon RDS.
    pub(crate) fn database_signer_method(
        &self,
        cx: &mut Cx<'_, '_>,
        signer: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Value {
        if name != "getAuthToken" {
            return foreign("a signer");
        }
        let options = args.at(0).cloned().unwrap_or_default();
        let either = |name: &str| {
            let given = entry(cx, &options, name);
            if given.is_bottom() { signer.field(name).cloned().unwrap_or_default() } else { given }
        };
        let (host, user) = (either("hostname"), either("username"));
        self.database_token(cx, &host, &user);
        foreign("a token")
    }

    fn database_token(&self, cx: &mut Cx<'_, '_>, host: &Value, user: &Value) {
        if !user.is_bottom() {
            let params = dict_of(&[("DBHostname", Some(host)), ("DBUsername", Some(user))]);
            self.shared.perform_named(cx, "rds", "GenerateDbAuthToken", params.into());
        }
    }

    /// The same for clusters of Aurora DSQL, where the method says whether the administrator connects.
    pub(crate) fn cluster_signer(&self, cx: &mut Cx<'_, '_>, args: &Args) -> Value {
        let options = args.at(0).cloned().unwrap_or_default();
        let host = entry(cx, &options, "hostname");
        Value::library(kind::CLUSTER_SIGNER, "dsql", vec![("Hostname", host)])
    }

    /// A method of a signer of Aurora DSQL.
    pub(crate) fn cluster_signer_method(
        &self,
        cx: &mut Cx<'_, '_>,
        signer: &LibraryValue,
        name: &str,
    ) -> Value {
        let operation = match name {
            "getDbConnectAuthToken" => "GenerateDbConnectAuthToken",
            "getDbConnectAdminAuthToken" => "GenerateDbConnectAdminAuthToken",
            _ => return foreign("a signer"),
        };
        let params = dict_of(&[("Hostname", signer.field("Hostname"))]);
        self.shared.perform_named(cx, "dsql", operation, params.into());
        foreign("a token")
    }
}
