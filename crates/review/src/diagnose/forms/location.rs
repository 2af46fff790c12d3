//! Objects of Amazon S3 that messages name beside the operation: `upload failed: ./a to s3://bucket/a ...`,
//! `s3a://bucket/a: getFileStatus on ...`, `S3 key being read : s3://bucket/a`.

use perm_infer_catalog::Action;

use super::text::set_action;
use crate::diagnose::Denial;
use crate::validate::can_be_of;

/// Names the resource of a denial of Amazon S3 by the only location in its message.
pub(super) fn locate(denial: &mut Denial, text: &str) {
    let of_action = denial.action.as_deref().is_some_and(|action| action.starts_with("s3:"));
    if denial.resource.is_some() || !(of_action || denial.service.as_deref() == Some("s3")) {
        return;
    }
    let Some(location) = uploaded(text).or_else(|| only(text)) else { return };
    let object = format!("arn:aws:s3:::{location}");
    // Amazon Redshift says so of the object that `COPY` reads.
    if !of_action && text.contains("S3 key being read") {
        set_action(denial, "s3:GetObject");
        denial.service = None;
    }
    let bucket = object.split('/').next().unwrap_or_default().to_owned();
    let action = denial.action.as_deref().and_then(Action::find);
    let is_of = |resource: &String| action.is_none_or(|action| can_be_of(action, resource));
    match [object, bucket].into_iter().find(is_of) {
        // What ends there is the start of names.
        Some(prefix) if prefix.ends_with('/') => denial.name = Some(format!("s3://{location}")),
        found => denial.resource = found,
    }
}

/// `Failed to upload FILE to BUCKET/KEY: An error occurred`, as boto3 writes it.
fn uploaded(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("Failed to upload ")?;
    let (named, _) = rest.split_once(": An error occurred")?;
    let (_, location) = named.rsplit_once(" to ")?;
    location.contains('/').then_some(location)
}

/// The bucket and key of the only URL of Amazon S3; a copy has two, and nobody knows which was refused.
fn only(text: &str) -> Option<&str> {
    let mut found: Option<&str> = None;
    for (at, _) in text.match_indices("://") {
        if !["s3", "s3a", "s3n"].iter().any(|scheme| ends_with_word(&text[..at], scheme)) {
            continue;
        }
        let rest = &text[at + 3..];
        let end = rest.find([' ', '"', '\'', '`', ')', '<', '>', ',', ';']).unwrap_or(rest.len());
        let location = rest[..end].trim_end_matches(['.', ':']);
        if location.is_empty() || found.is_some_and(|known| known != location) {
            return None;
        }
        found = Some(location);
    }
    found
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word)
        .is_some_and(|before| !before.ends_with(|letter: char| letter.is_ascii_alphanumeric()))
}
