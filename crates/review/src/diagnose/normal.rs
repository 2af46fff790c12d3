//! Undoing what happens to messages on their way into a log: HTML and JSON escapes, typographic quotes, colours.

/// The text as the service wrote it, as far as that can be told; white space becomes single spaces.
pub(crate) fn normal(text: &str) -> String {
    let text = without_colours(text);
    let text = if text.contains('&') { html(&text) } else { text };
    let text = if text.contains('\\') { json(&text) } else { text };
    let mut out = String::with_capacity(text.len());
    // Terraform draws a line beside its messages.
    for word in text.split(|letter: char| letter.is_whitespace() || "│╷╵".contains(letter)) {
        if word.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Escape sequences of terminals.
fn without_colours(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        out.push_str(before);
        let sequence = after.strip_prefix('[').unwrap_or(after);
        let end = sequence.find(|letter: char| letter.is_ascii_alphabetic());
        rest = end.and_then(|end| sequence.get(end + 1..)).unwrap_or_default();
    }
    out + rest
}

fn html(text: &str) -> String {
    const NAMED: [(&str, &str); 6] =
        [("&quot;", "\""), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&amp;", "&")];
    let text = NAMED.iter().fold(text.to_owned(), |text, (escape, plain)| text.replace(escape, plain));
    if text.contains("&#") { numbered(&text) } else { text }
}

/// Characters that HTML writes as numbers.
fn numbered(text: &str) -> String {
    let mut parts = text.split("&#");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let decoded = part.split_once(';').and_then(|(number, rest)| {
            let value = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            Some((char::from_u32(value.ok()?)?, rest))
        });
        match decoded {
            Some((letter, rest)) => {
                out.push(letter);
                out.push_str(rest);
            }
            None => {
                out.push_str("&#");
                out.push_str(part);
            }
        }
    }
    out
}

/// Escapes of JSON strings, also when they are escaped more than once.
fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        while letters.next_if_eq(&'\\').is_some() {}
        match letters.next() {
            Some('n' | 't' | 'r') => out.push(' '),
            Some('u') => {
                let digits: String = letters.clone().take(4).collect();
                match u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32) {
                    Some(decoded) if digits.len() == 4 => {
                        letters.by_ref().take(4).for_each(drop);
                        out.push(decoded);
                    }
                    _ => out.push('u'),
                }
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn escapes_are_undone() {
        for (text, expected) in [
            ("User: &quot;a&quot; &amp; b", "User: \"a\" & b"),
            (r#"{\"message\":\"User: a\\n is\"}"#, "{\"message\":\"User: a is\"}"),
            (r"a\\\u0026b\u00e9", "a&b\u{e9}"),
            ("\u{1b}[31mError\u{1b}[0m:  x\r\n y", "Error: x y"),
            (r"\u12 \", "u12 "),
            ("&#97;&#x62;&#39; &#x; &#9999999; &#a", "ab' &#x; &#9999999; &#a"),
        ] {
            assert_eq!(normal(text), expected.trim_end(), "{text}");
        }
    }
}
