//! Recognises files that a tool wrote for machines: minified code and bundles. Judged by how the text
//! looks, because names and places say little; a file that people wrote must never be taken for one.

/// What kind of machine-made file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BundleKind {
    /// White space and names were squeezed out.
    Minified,
    /// Many modules were put into one file.
    Generated,
}

/// How much of a file's start is looked at, in bytes.
const SAMPLE: usize = 32 << 10;

/// Shorter files are never taken for minified ones, in bytes.
const MIN_LENGTH: usize = 2 << 10;

/// A line of code that nobody wrote by hand is longer than this, in bytes.
const LONG_LINE: usize = 1_000;

/// What a text looks like; `None` for what people write.
pub(crate) fn bundle_kind(text: &str) -> Option<BundleKind> {
    let bytes = text.as_bytes();
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    if is_generated(sample) {
        return Some(BundleKind::Generated);
    }
    let tail = &bytes[bytes.len().saturating_sub(512)..];
    let has_source_map = memchr::memmem::find(tail, b"//# sourceMappingURL=").is_some();
    (bytes.len() >= MIN_LENGTH && is_minified(sample, has_source_map)).then_some(BundleKind::Minified)
}

/// Most of the text stands in very long lines that have hardly any white space but the density of
/// brackets and operators that code has. Embedded data (Base64, JSON) lacks the latter.
fn is_minified(sample: &[u8], has_source_map: bool) -> bool {
    let mut long = 0;
    let mut spaces = 0;
    let mut code = 0;
    for line in sample.split(|byte| *byte == b'\n').filter(|line| line.len() > LONG_LINE) {
        long += line.len();
        spaces += line.iter().filter(|byte| byte.is_ascii_whitespace()).count();
        code += line.iter().filter(|byte| matches!(byte, b'(' | b')' | b';' | b'=' | b'.')).count();
    }
    let most = if has_source_map { sample.len() / 4 } else { sample.len() / 2 };
    long > most && spaces * 10 < long && code * 20 > long
}

/// The preambles by which bundlers start their output.
fn is_generated(sample: &[u8]) -> bool {
    let head = &sample[..sample.len().min(4 << 10)];
    let has = |text: &str| memchr::memmem::find(head, text.as_bytes()).is_some();
    let webpack = has("webpackBootstrap") || has("/******/ (") || has("/***/ (");
    let esbuild = has("var __defProp = Object.defineProperty;") && has("var __commonJS = (cb, mod) =>");
    let parcel = has("parcelRequire") && has("(function (modules, entry, ");
    let browserify = has("(function(){function r(e,n,t){function o(i,f){if(!n[i])");
    webpack || esbuild || parcel || browserify
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minified_code_is_recognised() {
        let text = "!function(e,t){var n=e.a(t);return n.b(e),t.c=n}(a,b);".repeat(100);
        assert_eq!(bundle_kind(&text), Some(BundleKind::Minified));
        let with_licence = format!("/* licence\n * text\n */\n{text}\n//# sourceMappingURL=x.js.map\n");
        assert_eq!(bundle_kind(&with_licence), Some(BundleKind::Minified));
    }

    #[test]
    fn code_with_embedded_data_is_not() {
        let base64 = format!("import x\nLOGO = \"{}\"\nx.call(LOGO)\n", "iVBORw0KGgo".repeat(1000));
        assert_eq!(bundle_kind(&base64), None);
        let json = format!("const data = {};\n", r#"{"name":"a","value":[1,2,3]},"#.repeat(500));
        assert_eq!(bundle_kind(&json), None);
        let prose = format!("text = \"{}\"\n", "words (some) in a long line. ".repeat(200));
        assert_eq!(bundle_kind(&prose), None);
        assert_eq!(bundle_kind(""), None);
    }

    #[test]
    fn bundles_are_recognised_by_their_preamble() {
        let webpack = "/******/ (function(modules) { // webpackBootstrap\n/******/ \tvar x = {};\n";
        assert_eq!(bundle_kind(webpack), Some(BundleKind::Generated));
        let esbuild =
            "var __defProp = Object.defineProperty;\nvar __commonJS = (cb, mod) => function() {};\n";
        assert_eq!(bundle_kind(esbuild), Some(BundleKind::Generated));
    }
}
