//! Two ARNs below each other, so that the difference shows.

use perm_infer_policy::overlaps;

use perm_infer_policy::inert::inert;

/// The resource of a policy, the one that was asked for, and a line that marks where they differ; fields stand below
/// each other. Nothing when one of the two is no ARN.
pub(crate) fn aligned(known: &str, wanted: &str) -> Option<[String; 3]> {
    let (known, wanted) = (inert(known), inert(wanted));
    let fields = |text: &str| -> Option<Vec<String>> {
        let fields: Vec<String> = text.splitn(6, ':').map(str::to_owned).collect();
        (fields.len() == 6 && fields[0] == "arn").then_some(fields)
    };
    let (known, wanted) = (fields(&known)?, fields(&wanted)?);
    let mut lines = [String::new(), String::new(), String::new()];
    for (position, (known, wanted)) in known.iter().zip(&wanted).enumerate() {
        let width = known.chars().count().max(wanted.chars().count());
        let separator = if position == 0 { "" } else { ":" };
        lines[0].push_str(&format!("{separator}{known:<width$}"));
        lines[1].push_str(&format!("{separator}{wanted:<width$}"));
        let same = if overlaps(known, wanted) {
            width
        } else {
            known.chars().zip(wanted.chars()).take_while(|(one, other)| one == other).count()
        };
        let indent = same + separator.len();
        lines[2].push_str(&format!("{:indent$}{}", "", "^".repeat(width - same)));
    }
    Some(lines.map(|line| line.trim_end().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::aligned;

    #[test]
    fn fields_stand_below_each_other_and_what_differs_is_marked() {
        let lines = aligned("arn:aws:sqs:us-east-1:1:jobs", "arn:aws:sqs:eu-west-1:1:jobs-dead");
        assert_eq!(
            lines.expect("ARNs"),
            [
                "arn:aws:sqs:us-east-1:1:jobs",
                "arn:aws:sqs:eu-west-1:1:jobs-dead",
                "            ^^^^^^^^^       ^^^^^",
            ]
        );
        let lines = aligned("arn:aws:s3:::data", "arn:aws:s3:::data/a.csv").expect("ARNs");
        assert_eq!(lines[2], "                 ^^^^^^");
        let lines = aligned("arn:aws:dynamodb:*:*:table/a", "arn:aws:dynamodb:r:1:table/b").expect("ARNs");
        assert_eq!(lines[2], "                           ^");
        assert_eq!(aligned("*", "arn:aws:s3:::data"), None);
    }
}
