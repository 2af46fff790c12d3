//! From bytes on disk to text: size limit, encodings, binary files. Nothing here looks at what the
//! text means.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Files larger than this many bytes are not read: nobody writes such a file by hand, and a parse of
/// one takes seconds and a hundred times its size in memory.
pub const MAX_FILE_BYTES: u64 = 5_000_000;

/// What came of reading.
#[derive(Debug)]
pub(crate) enum Decoded {
    /// A text in a Unicode encoding.
    Text(String),
    /// A text in some other encoding: what is no UTF-8 was read as Latin-1.
    Lossy(String),
    /// No text.
    Binary,
    /// Over [`MAX_FILE_BYTES`].
    TooLarge,
}

/// Reads a file, at most one byte more than is allowed.
pub(crate) fn read_file(path: &Path) -> io::Result<Decoded> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    if length > MAX_FILE_BYTES {
        return Ok(Decoded::TooLarge);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1);
    // Pipes have no length, and files grow.
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(decode(bytes))
}

/// Decodes bytes; UTF-8 is taken over without a copy.
pub(crate) fn decode(bytes: Vec<u8>) -> Decoded {
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Decoded::TooLarge;
    }
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => return decode_utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => return decode_utf16(rest, u16::from_be_bytes),
        _ if memchr::memchr(0, &bytes).is_some() => return Decoded::Binary,
        _ => {}
    }
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.starts_with('\u{feff}') {
                text.drain(..'\u{feff}'.len_utf8());
            }
            Decoded::Text(text)
        }
        Err(error) => Decoded::Lossy(decode_latin1_parts(error.as_bytes())),
    }
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Decoded {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let decoded: Result<String, _> = char::decode_utf16(units).collect();
    match decoded {
        Ok(text) if !text.contains('\0') && bytes.len().is_multiple_of(2) => Decoded::Text(text),
        _ => Decoded::Binary,
    }
}

/// Keeps what is UTF-8 and reads each other byte as the Latin-1 character it would be.
fn decode_latin1_parts(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| char::from(*byte)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> Option<String> {
        match decode(bytes.to_vec()) {
            Decoded::Text(text) => Some(text),
            _ => None,
        }
    }

    #[test]
    fn unicode_encodings_are_decoded() {
        assert_eq!(text("ä = 1".as_bytes()).as_deref(), Some("ä = 1"));
        assert_eq!(text(b"\xef\xbb\xbfx = 1").as_deref(), Some("x = 1"));
        assert_eq!(text(b"\xff\xfex\0=\0\xe4\0").as_deref(), Some("x=ä"));
        assert_eq!(text(b"\xfe\xff\0x\0=\0\xe4").as_deref(), Some("x=ä"));
        assert_eq!(text(b"").as_deref(), Some(""));
    }

    #[test]
    fn latin_1_is_read_and_marked_and_utf_8_beside_it_kept() {
        let Decoded::Lossy(text) = decode(b"# caf\xe9 \xc3\xa4\nx = 1".to_vec()) else { panic!("lossy") };
        assert_eq!(text, "# café ä\nx = 1");
    }

    #[test]
    fn what_has_nul_bytes_or_broken_utf_16_is_binary() {
        for bytes in [&b"\x7fELF\0\0"[..], b"\xff\xfex", b"\xff\xfe\0\xd8", b"\xff\xfe\0\0"] {
            assert!(matches!(decode(bytes.to_vec()), Decoded::Binary), "{bytes:?}");
        }
    }

    #[test]
    fn large_files_are_not_read() {
        let directory = tempfile::tempdir().expect("directory");
        let path = directory.path().join("x");
        let file = File::create(&path).expect("file");
        file.set_len(MAX_FILE_BYTES + 1).expect("sparse file");
        assert!(matches!(read_file(&path), Ok(Decoded::TooLarge)));
        assert!(read_file(&directory.path().join("none")).is_err());
    }
}
