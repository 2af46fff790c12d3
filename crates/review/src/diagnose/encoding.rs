//! What a log is written in: gzip, UTF-16, or UTF-8 with a mark. Told by the first bytes, and undone as the log is
//! read, so that its size does not matter.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

/// How much is looked at to tell what a log is written in.
const HEAD: usize = 512;

/// Other compressed files by their first bytes.
const OTHERS: [(&[u8], &str); 4] =
    [(b"PK\x03\x04", "zip"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"BZh", "bzip2"), (b"\xfd7zXZ\0", "xz")];

/// The log as UTF-8, as far as it is text at all.
pub(super) fn decoded<'r>(input: impl BufRead + 'r) -> io::Result<Box<dyn BufRead + 'r>> {
    let (head, input) = with_head(input)?;
    // "GZIP file format specification" (RFC 1952): two bytes of identification, then the method, deflate.
    if head.starts_with(&[0x1f, 0x8b, 8]) {
        let (head, input) = with_head(BufReader::new(MultiGzDecoder::new(input)))?;
        return Ok(text(&head, Box::new(input)));
    }
    if let Some((_, name)) = OTHERS.iter().find(|(start, _)| head.starts_with(start)) {
        return Err(io::Error::new(
            io::ErrorKind::Unsupported,
            format!("it is compressed with {name}, which is not read"),
        ));
    }
    Ok(text(&head, Box::new(input)))
}

/// The first bytes, and the whole input again.
fn with_head<R: BufRead>(mut input: R) -> io::Result<(Vec<u8>, impl BufRead)> {
    let mut head = Vec::new();
    // What is broken in the middle is told when it is read.
    let read = input.by_ref().take(HEAD as u64).read_to_end(&mut head);
    if head.is_empty() {
        read?;
    }
    Ok((head.clone(), Cursor::new(head).chain(input)))
}

fn text<'r>(head: &[u8], mut input: Box<dyn BufRead + 'r>) -> Box<dyn BufRead + 'r> {
    match form(head) {
        Form::Utf8 { mark } => {
            input.consume(mark);
            input
        }
        Form::Utf16 { big } => {
            Box::new(BufReader::new(Utf16 { input, big, bytes: Vec::new(), text: Vec::new(), position: 0 }))
        }
    }
}

enum Form {
    Utf8 { mark: usize },
    Utf16 { big: bool },
}

/// By its mark; without one, UTF-16 of an English log is known by its zeros.
fn form(head: &[u8]) -> Form {
    match head {
        [0xef, 0xbb, 0xbf, ..] => return Form::Utf8 { mark: 3 },
        [0xff, 0xfe, ..] => return Form::Utf16 { big: false },
        [0xfe, 0xff, ..] => return Form::Utf16 { big: true },
        _ => {}
    }
    let pairs = head.len() / 2;
    let plain = |big: bool| {
        let is_plain =
            |pair: &&[u8]| if big { pair[0] == 0 && pair[1] != 0 } else { pair[0] != 0 && pair[1] == 0 };
        head.chunks_exact(2).filter(is_plain).count()
    };
    match [true, false].into_iter().find(|&big| pairs >= 4 && plain(big) * 10 >= pairs * 7) {
        Some(big) => Form::Utf16 { big },
        None => Form::Utf8 { mark: 0 },
    }
}

/// UTF-16 read as UTF-8; what is none becomes the replacement character.
struct Utf16<R> {
    input: R,
    big: bool,
    /// Read and not decoded: at most half a character remains.
    bytes: Vec<u8>,
    text: Vec<u8>,
    position: usize,
}

impl<R: Read> Utf16<R> {
    /// Decodes some more; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        let mut more = [0; 8 * 1024];
        let read = self.input.read(&mut more)?;
        self.bytes.extend_from_slice(&more[..read]);
        let mut units: Vec<u16> = self
            .bytes
            .chunks_exact(2)
            .map(|pair| {
                if self.big {
                    u16::from_be_bytes([pair[0], pair[1]])
                } else {
                    u16::from_le_bytes([pair[0], pair[1]])
                }
            })
            .collect();
        // The second half of a pair is still to come.
        if read > 0 {
            units.pop_if(|last| (0xd800..0xdc00).contains(last));
        }
        let mut text: String = char::decode_utf16(units.iter().copied())
            .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        self.bytes.drain(..units.len() * 2);
        if read == 0 && !self.bytes.is_empty() {
            self.bytes.clear();
            text.push(char::REPLACEMENT_CHARACTER);
        }
        (self.text, self.position) = (text.trim_start_matches('\u{feff}').as_bytes().to_vec(), 0);
        Ok(read > 0 || !self.text.is_empty())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.position == self.text.len() {
            if !self.fill()? {
                return Ok(0);
            }
        }
        let rest = &self.text[self.position..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.position += count;
        Ok(count)
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test says what it expected and stops")]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    /// Gives a few bytes at a time, as pipes do.
    struct Slow<'b>(&'b [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(buffer.len());
            (&mut self.0).read(&mut buffer[..count])
        }
    }

    fn read(bytes: &[u8], at_once: usize) -> String {
        let mut text = String::new();
        let mut input = decoded(BufReader::with_capacity(at_once, Slow(bytes, at_once))).expect("opens");
        input.read_to_string(&mut text).expect("reads");
        text
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("writes");
        encoder.finish().expect("ends")
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "User: 東京 \u{1f600} is not authorized\n".repeat(700);
        let mark = |bytes: &[u8], mark: &[u8]| [mark, bytes].concat();
        let (little, big) = (utf16(&text, u16::to_le_bytes), utf16(&text, u16::to_be_bytes));
        let two = [gzip(&text.as_bytes()[..9_000]), gzip(&text.as_bytes()[9_000..])].concat();
        for bytes in [
            text.as_bytes().to_vec(),
            mark(text.as_bytes(), b"\xef\xbb\xbf"),
            little.clone(),
            mark(&little, b"\xff\xfe"),
            big.clone(),
            mark(&big, b"\xfe\xff"),
            gzip(text.as_bytes()),
            gzip(&mark(&little, b"\xff\xfe")),
            two,
        ] {
            for at_once in [1, 7, 8_192] {
                assert_eq!(read(&bytes, at_once), text, "{:?}", &bytes[..8]);
            }
        }
    }

    #[test]
    fn other_forms_are_named() {
        let error = decoded(&b"PK\x03\x04abc"[..]).err().expect("an error");
        assert_eq!(error.to_string(), "it is compressed with zip, which is not read");
    }

    #[test]
    fn what_is_broken_is_marked_and_ends() {
        assert_eq!(read(b"", 1), "");
        assert_eq!(read(b"\xff\xfea", 1), "\u{fffd}");
        assert_eq!(read(b"\xff\xfe\x3d\xd8a\x00\x3d\xd8", 1), "\u{fffd}a\u{fffd}");
        let whole = gzip(&b"a line of a log\n".repeat(5_000));
        let mut text = Vec::new();
        let mut input = decoded(&whole[..whole.len() - 9]).expect("opens");
        assert!(input.read_to_end(&mut text).is_err());
        assert!(text.starts_with(b"a line of a log\n"));
    }
}
