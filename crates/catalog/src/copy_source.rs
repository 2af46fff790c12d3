//! The `CopySource` of S3: `bucket/key`, `/bucket/key`, an access point ARN with `/object/key`, each
//! with an optional `?versionId=`, percent-encoded; or in Python a map with Bucket, Key and VersionId.
//!
//! Source: "CopyObject" and "UploadPartCopy" in the Amazon S3 API Reference.

use perm_infer_policy::{Part, Pattern};

/// The two halves of a copy source.
pub(crate) struct CopySource {
    /// Bucket name or access point ARN.
    pub(crate) bucket: Pattern,
    /// Key of the object.
    pub(crate) key: Pattern,
}

/// Cuts the text form.
pub(crate) fn parse(source: &Pattern) -> CopySource {
    let path = source.split_once('?').map_or_else(|| source.clone(), |(path, _)| path);
    let path = crate::arn::strip_prefix(&path, "/").unwrap_or(path);
    if path.literal_prefix().starts_with("arn:") {
        return access_point(&path);
    }
    match path.split_once('/') {
        Some((bucket, key)) => CopySource { bucket, key: decode(&key) },
        // The hole may hold the slash: nothing is certain but the end of the key.
        None => CopySource { bucket: Pattern::any(), key: Pattern::any() },
    }
}

/// Whether the text form names a version: `Some` when certain.
pub(crate) fn has_version(source: &Pattern) -> Option<bool> {
    let literal_hit =
        source.parts().iter().any(|part| matches!(part, Part::Literal(text) if text.contains("versionId=")));
    if literal_hit {
        return Some(true);
    }
    // A version would have to hide in the last hole; code that sends one writes the parameter name.
    Some(false)
}

fn access_point(path: &Pattern) -> CopySource {
    // arn:aws:s3:region:account:accesspoint/name/object/key
    let mut bucket = Pattern::default();
    let mut rest = path.clone();
    for separator in ["", "/"] {
        let Some((head, tail)) = rest.split_once('/') else { break };
        bucket.push_literal(separator);
        bucket.push_pattern(&head);
        rest = tail;
    }
    let key = crate::arn::strip_prefix(&rest, "object/").unwrap_or(rest);
    CopySource { bucket, key: decode(&key) }
}

/// Decodes `%41` in the known parts.
fn decode(pattern: &Pattern) -> Pattern {
    let mut out = Pattern::default();
    for part in pattern.parts() {
        match part {
            Part::Literal(text) => out.push(Part::Literal(percent_decode(text))),
            other => out.push(other.clone()),
        }
    }
    out
}

fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut position = 0;
    while position < bytes.len() {
        let decoded = (bytes[position] == b'%')
            .then(|| {
                text.get(position + 1..position + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok())
            })
            .flatten();
        out.push(decoded.unwrap_or(bytes[position]));
        position += if decoded.is_some() { 3 } else { 1 };
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(source: &str) -> (String, String) {
        let cut = parse(&Pattern::literal(source));
        (cut.bucket.to_policy_string(), cut.key.to_policy_string())
    }

    #[test]
    fn bucket_and_key_are_cut_and_decoded() {
        assert_eq!(cut("in/a/b%20c.csv?versionId=3"), ("in".to_owned(), "a/b c.csv".to_owned()));
        assert_eq!(cut("/in/a"), ("in".to_owned(), "a".to_owned()));
        assert_eq!(
            cut("arn:aws:s3:eu-west-1:123456789012:accesspoint/ap/object/a/b"),
            ("arn:aws:s3:eu-west-1:123456789012:accesspoint/ap".to_owned(), "a/b".to_owned())
        );
    }

    #[test]
    fn broken_percent_signs_stay() {
        assert_eq!(percent_decode("100%"), "100%");
        assert_eq!(percent_decode("%zz%4"), "%zz%4");
    }
}
