//! ARNs made of patterns: cutting a value that is an ARN into its fields, and filling a template with
//! the values of its variables.

use crate::requirement::ArnContext;
use perm_infer_policy::{Part, Pattern};

/// The value of one ARN variable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Value {
    /// The name, when the value is no ARN.
    pub(crate) name: Pattern,
    /// The whole ARN, when it is one.
    pub(crate) arn: Option<Arn>,
    /// Region, when the value tells it.
    pub(crate) region: Option<Pattern>,
    /// Account, when the value tells it.
    pub(crate) account: Option<Pattern>,
}

/// An ARN in six fields, each possibly with unknown parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Arn {
    pub(crate) partition: Pattern,
    pub(crate) service: Pattern,
    pub(crate) region: Pattern,
    pub(crate) account: Pattern,
    pub(crate) resource: Pattern,
}

impl Value {
    /// A plain name.
    pub(crate) fn name(name: Pattern) -> Value {
        Value { name, ..Value::default() }
    }

    /// Of an ARN or a name: ARNs are recognised by their start.
    pub(crate) fn name_or_arn(pattern: &Pattern) -> Value {
        if !pattern.literal_prefix().starts_with("arn:") {
            return Value::name(pattern.clone());
        }
        match Arn::split(pattern) {
            Some(arn) => Value { arn: Some(arn), ..Value::default() },
            // An ARN of which whole fields are unknown: only its end is certain.
            None => {
                Value::name(arn_tail(pattern).filter(|tail| !tail.has_unknown()).unwrap_or_else(Pattern::any))
            }
        }
    }
}

impl Arn {
    /// Cuts at the first five colons; a hole in a field is taken to lie within that field.
    pub(crate) fn split(pattern: &Pattern) -> Option<Arn> {
        let (_, rest) = pattern.split_once(':')?;
        let (partition, rest) = rest.split_once(':')?;
        let (service, rest) = rest.split_once(':')?;
        let (region, rest) = rest.split_once(':')?;
        let (account, resource) = rest.split_once(':')?;
        Some(Arn { partition, service, region, account, resource })
    }

    /// The ARN as one pattern.
    pub(crate) fn join(&self) -> Pattern {
        let mut whole = Pattern::literal("arn");
        for field in [&self.partition, &self.service, &self.region, &self.account, &self.resource] {
            whole.push_literal(":");
            whole.push_pattern(field);
        }
        whole
    }
}

/// The name at the end of an ARN whose start is unknown: after the last colon and after the resource
/// type, if there is one.
pub(crate) fn arn_tail(pattern: &Pattern) -> Option<Pattern> {
    let tail = after_last(pattern, ':')?;
    if tail.literal_prefix().starts_with('/') {
        return Some(tail);
    }
    Some(tail.split_once('/').map_or(tail, |(_, name)| name))
}

/// What follows the last literal `separator`.
pub(crate) fn after_last(pattern: &Pattern, separator: char) -> Option<Pattern> {
    let mut tail = pattern.split_once(separator)?.1;
    while let Some((_, rest)) = tail.split_once(separator) {
        tail = rest;
    }
    Some(tail)
}

/// Removes literal text at the start, when it is there.
pub(crate) fn strip_prefix(pattern: &Pattern, prefix: &str) -> Option<Pattern> {
    let rest = pattern.literal_prefix().strip_prefix(prefix)?;
    let mut out = Pattern::literal(rest);
    for part in &pattern.parts()[usize::from(!pattern.literal_prefix().is_empty())..] {
        out.push(part.clone());
    }
    Some(out)
}

/// Removes literal text at the end, when it is there.
pub(crate) fn strip_suffix(pattern: &Pattern, suffix: &str) -> Option<Pattern> {
    let (last, before) = pattern.parts().split_last()?;
    let Part::Literal(text) = last else { return None };
    let kept = text.strip_suffix(suffix)?;
    let mut out = Pattern::default();
    for part in before {
        out.push(part.clone());
    }
    out.push_literal(kept);
    Some(out)
}

enum Piece<'t> {
    Text(&'t str),
    Variable(&'t str),
}

fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("${") {
        let (variable, after) = after.split_once('}').unwrap_or((after, ""));
        pieces.extend([Piece::Text(before), Piece::Variable(variable)]);
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// The variables of a template except partition, region and account.
pub(crate) fn variables(template: &str) -> impl Iterator<Item = &str> {
    pieces(template).into_iter().filter_map(|piece| match piece {
        Piece::Variable(name) if !["Partition", "Region", "Account"].contains(&name) => Some(name),
        _ => None,
    })
}

/// Text of a template: `*` in it is a wildcard.
fn push_template_text(out: &mut Pattern, text: &str) {
    for (position, piece) in text.split('*').enumerate() {
        if position > 0 {
            out.push(Part::Any);
        }
        out.push_literal(piece);
    }
}

/// Fills a template. A value that is itself an ARN replaces everything before it when it is of the
/// kind that the template has there; otherwise its last segment is the name.
pub(crate) fn fill(template: &str, values: &[(&str, Value)], context: &ArnContext) -> Pattern {
    let fields: Vec<&str> = template.splitn(6, ':').collect();
    let [_, partition, service, region, account, resource] = fields.as_slice() else {
        return fill_pieces(&pieces(template), values, context);
    };
    let resource_pieces = pieces(resource);
    if let Some(whole) = from_arn(&resource_pieces, values, context) {
        return whole;
    }
    let place = |wanted: fn(&Value) -> Option<Pattern>| values.iter().find_map(|(_, value)| wanted(value));
    let from_arn_field = |field: fn(&Arn) -> &Pattern| {
        place_arn(values).map(field).filter(|field| **field != Pattern::default()).cloned()
    };
    let region_known = place(|value| value.region.clone()).or_else(|| from_arn_field(|arn| &arn.region));
    let account_known = place(|value| value.account.clone()).or_else(|| from_arn_field(|arn| &arn.account));
    let partition_known = from_arn_field(|arn| &arn.partition);
    let filled = ArnContext {
        partition: partition_known.unwrap_or_else(|| context.partition.clone()),
        region: region_known.unwrap_or_else(|| context.region.clone()),
        account: account_known.unwrap_or_else(|| context.account.clone()),
    };
    let mut out = Pattern::literal("arn");
    for field in [partition, service, region, account] {
        out.push_literal(":");
        out.push_pattern(&fill_pieces(&pieces(field), values, &filled));
    }
    out.push_literal(":");
    out.push_pattern(&fill_pieces(&resource_pieces, values, &filled));
    out
}

/// The first value that is an ARN.
fn place_arn<'v>(values: &'v [(&str, Value)]) -> Option<&'v Arn> {
    values.iter().find_map(|(_, value)| value.arn.as_ref())
}

/// The resource when some value is an ARN of the kind that the template has there.
fn from_arn(resource: &[Piece<'_>], values: &[(&str, Value)], context: &ArnContext) -> Option<Pattern> {
    let last = resource.iter().rposition(|piece| matches!(piece, Piece::Variable(_)))?;
    for position in (0..=last).rev() {
        let Piece::Variable(name) = &resource[position] else { continue };
        let Some(arn) =
            values.iter().find(|(variable, _)| variable == name).and_then(|(_, value)| value.arn.as_ref())
        else {
            continue;
        };
        let before = match &resource[..position] {
            [.., Piece::Text(text)] => *text,
            _ => "",
        };
        // Access points have `/object/` between them and the key.
        let access_point = arn.resource.literal_prefix().starts_with("accesspoint/");
        let fits = position == last || arn.resource.literal_prefix().starts_with(before);
        let complete =
            position == last || (fits && !access_point && has_all_segments(arn, resource, position));
        if fits || access_point {
            let mut whole = arn.join();
            if position == last || !complete {
                let rest = fill_pieces(&resource[position + 1..], values, context);
                if access_point && rest.literal_prefix().starts_with('/') {
                    whole.push_literal("/object");
                }
                if rest != Pattern::default() && !ends_with(&whole, &rest) {
                    whole.push_pattern(&rest);
                }
            }
            return Some(whole);
        }
    }
    None
}

/// Whether an ARN for an early variable has the later segments already: `stack/name/id` for a stack
/// whose template is `stack/${StackName}/${Id}`.
fn has_all_segments(arn: &Arn, resource: &[Piece<'_>], position: usize) -> bool {
    let Some(Piece::Text(after)) = resource.get(position + 1) else { return false };
    let Some(separator) = after.chars().next() else { return false };
    let count = |text: &str| text.matches(separator).count();
    let wanted: usize =
        resource.iter().map(|piece| if let Piece::Text(text) = piece { count(text) } else { 0 }).sum();
    let found: usize = arn
        .resource
        .parts()
        .iter()
        .map(|part| if let Part::Literal(text) = part { count(text) } else { 0 })
        .sum();
    found >= wanted
}

fn ends_with(whole: &Pattern, end: &Pattern) -> bool {
    whole.to_policy_string().ends_with(&end.to_policy_string())
}

fn fill_pieces(pieces: &[Piece<'_>], values: &[(&str, Value)], context: &ArnContext) -> Pattern {
    let mut out = Pattern::default();
    for piece in pieces {
        match piece {
            Piece::Text(text) => push_template_text(&mut out, text),
            Piece::Variable("Partition") => out.push_pattern(&context.partition),
            Piece::Variable("Region") => out.push_pattern(&context.region),
            Piece::Variable("Account") => match values.iter().find(|(variable, _)| *variable == "Account") {
                Some((_, value)) if value.name != Pattern::default() => out.push_pattern(&value.name),
                _ => out.push_pattern(&context.account),
            },
            Piece::Variable(name) => match values.iter().find(|(variable, _)| variable == name) {
                Some((_, Value { arn: Some(arn), .. })) => out.push_pattern(&last_segment(&arn.resource)),
                Some((_, value)) => out.push_pattern(&value.name),
                None => out.push(Part::Any),
            },
        }
    }
    out
}

/// The name at the end of an ARN's resource part.
pub(crate) fn last_segment(resource: &Pattern) -> Pattern {
    let tail = after_last(resource, '/').unwrap_or_else(|| resource.clone());
    after_last(&tail, ':').unwrap_or(tail)
}
