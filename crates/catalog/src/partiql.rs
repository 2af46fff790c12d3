//! The table and index that a PartiQL statement of DynamoDB names. Only the place of the name is
//! parsed, nothing else of the statement.
//!
//! Source: "PartiQL statements for DynamoDB": `SELECT ... FROM "Table"."Index"`, `INSERT INTO "Table"`,
//! `UPDATE "Table"`, `DELETE FROM "Table"`.

use perm_infer_policy::{Part, Pattern};

/// The names in a statement.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Names {
    /// The table.
    pub(crate) table: Pattern,
    /// The index, for `FROM "Table"."Index"`.
    pub(crate) index: Option<Pattern>,
}

/// One character of a statement, or a hole.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Piece {
    Character(char),
    Hole,
}

/// Finds the names; nothing when the statement is not known far enough.
pub(crate) fn names(statement: &Pattern) -> Option<Names> {
    let mut pieces = Vec::new();
    for part in statement.parts() {
        match part {
            Part::Literal(text) => pieces.extend(text.chars().map(Piece::Character)),
            _ => pieces.push(Piece::Hole),
        }
    }
    let start = after_keyword(&pieces)?;
    let (table, rest) = name(&pieces[start..])?;
    let index = match rest.split_first() {
        Some((Piece::Character('.'), after)) => name(after).map(|(index, _)| index),
        _ => None,
    };
    Some(Names { table, index })
}

/// Where the name starts: after the first FROM, INTO or UPDATE.
fn after_keyword(pieces: &[Piece]) -> Option<usize> {
    let mut word = String::new();
    let mut quoted = false;
    for (position, piece) in pieces.iter().enumerate() {
        let Piece::Character(character) = *piece else {
            word.push('\u{0}');
            continue;
        };
        if character == '\'' {
            quoted = !quoted;
        }
        if character.is_whitespace() && !quoted {
            if ["FROM", "INTO", "UPDATE"].iter().any(|keyword| word.eq_ignore_ascii_case(keyword)) {
                return Some(position + 1);
            }
            word.clear();
        } else {
            word.push(character);
        }
    }
    None
}

/// A quoted or bare name and what follows it.
fn name(pieces: &[Piece]) -> Option<(Pattern, &[Piece])> {
    let start = pieces
        .iter()
        .position(|piece| !matches!(piece, Piece::Character(character) if character.is_whitespace()))?;
    let pieces = &pieces[start..];
    let quoted = pieces.first() == Some(&Piece::Character('"'));
    let body = &pieces[usize::from(quoted)..];
    let ends = |piece: &Piece| match *piece {
        Piece::Character('"') => true,
        Piece::Character(character) => {
            !(quoted || character.is_ascii_alphanumeric() || "_-".contains(character))
        }
        Piece::Hole => false,
    };
    let end = body.iter().position(ends).unwrap_or(body.len());
    let mut out = Pattern::default();
    for piece in &body[..end] {
        match piece {
            Piece::Character(character) => out.push(Part::Literal(character.to_string())),
            Piece::Hole => out.push(Part::Any),
        }
    }
    (end > 0).then_some((out, &body[(end + usize::from(quoted)).min(body.len())..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(statement: &str) -> Option<(String, Option<String>)> {
        let names = names(&Pattern::literal(statement))?;
        Some((names.table.to_policy_string(), names.index.map(|index| index.to_policy_string())))
    }

    #[test]
    fn tables_and_indexes_are_found() {
        assert_eq!(
            found("SELECT * FROM \"Orders\".\"ByDay\" WHERE x=1"),
            Some(("Orders".into(), Some("ByDay".into())))
        );
        assert_eq!(found("insert into Orders value {'a': ?}"), Some(("Orders".into(), None)));
        assert_eq!(found("UPDATE \"a.b\" SET x=1"), Some(("a.b".into(), None)));
        assert_eq!(found("DELETE FROM Orders"), Some(("Orders".into(), None)));
        assert_eq!(found("SELECT"), None);
    }

    #[test]
    fn a_hole_is_the_name() {
        let mut statement = Pattern::literal("SELECT * FROM \"");
        statement.push(Part::Any);
        statement.push_literal("\" WHERE a = 1");
        assert!(names(&statement).is_some_and(|names| names.table.is_any() && names.index.is_none()));
    }
}
