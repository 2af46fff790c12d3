//! `aws_assume_role_lib`: sessions with the credentials of another role.

use perm_infer_analysis::{Args, Cx, Text, Value};

use super::{Python, session};
use crate::shared::{credentials, dict_of, made_with};

impl Python<'_> {
    /// `assume_role(session, role_arn, RoleSessionName=...)`: the session that it gives asks STS for
    /// credentials when it is used first, and again when they expire.
    pub(crate) fn call_assume_role_lib(
        &self,
        cx: &mut Cx<'_, '_>,
        dotted: &str,
        args: &Args,
    ) -> Option<Value> {
        if dotted != "aws_assume_role_lib.assume_role" {
            return None;
        }
        let role = args.get(1, "RoleArn")?;
        let members = ["SourceIdentity", "Tags", "TransitiveTagKeys"];
        let mut params = dict_of(&members.map(|member| (member, args.named(member))));
        params.set(Text::literal("RoleArn", None), role.clone());
        self.shared.perform_named(cx, "sts", "AssumeRole", params.into());
        Some(made_with(session::session(), Some(&credentials(role))))
    }
}
