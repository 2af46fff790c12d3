//! Reads the embedded tables in place: strings by number, fixed-width records, and the stream of
//! variable-length parts. `build/encode.rs` writes them and documents the layout. Nothing here parses
//! or allocates at start-up.

/// A section of fixed-width records of `u32`.
#[derive(Clone, Copy)]
pub(crate) struct Section {
    start: usize,
    width: usize,
    records: usize,
}

include!(concat!(env!("OUT_DIR"), "/layout.rs"));

static POOL: &str = include_str!(concat!(env!("OUT_DIR"), "/strings.txt"));
static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/table.bin"));

/// Bytes of everything that is embedded.
pub(crate) fn embedded_bytes() -> usize {
    POOL.len() + TABLE.len()
}

/// No such record.
pub(crate) const NONE: u32 = u32::MAX;

impl Section {
    /// How many records there are.
    pub(crate) fn len(self) -> u32 {
        self.records as u32
    }

    /// One word of a record; `NONE` outside the section.
    pub(crate) fn word(self, record: u32, field: usize) -> u32 {
        if record as usize >= self.records {
            return NONE;
        }
        let start = self.start + (record as usize * self.width + field) * 4;
        match TABLE.get(start..start + 4) {
            Some(&[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]),
            _ => NONE,
        }
    }

    /// The first record for which `key` is not less than `wanted`, where `key` grows with the records.
    pub(crate) fn lower_bound(self, wanted: u32, key: impl Fn(u32) -> u32) -> u32 {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if key(middle) < wanted {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The records whose `field` starts with a text, where they are sorted by it.
    pub(crate) fn starting_with(self, field: usize, start: &str) -> impl Iterator<Item = u32> + use<> {
        let name = move |record| text(self.word(record, field));
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if name(middle) < start {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let start = start.to_owned();
        (low..self.len()).take_while(move |record| name(*record).starts_with(&start))
    }

    /// The record whose `field` is `wanted`, where the records are sorted by it.
    pub(crate) fn find(self, field: usize, wanted: u32) -> Option<u32> {
        let found = self.lower_bound(wanted, |record| self.word(record, field));
        (found < self.len() && self.word(found, field) == wanted).then_some(found)
    }
}

/// The bits of a place in the pool that hold the length; `build/encode.rs` uses the same number.
const LENGTH_BITS: u32 = 10;

/// The string with this number.
pub(crate) fn text(id: u32) -> &'static str {
    let place = STRINGS.word(id, 0);
    let start = (place >> LENGTH_BITS) as usize;
    let length = (place & ((1 << LENGTH_BITS) - 1)) as usize;
    POOL.get(start..start + length).unwrap_or_default()
}

/// The number of a string, when the catalogue has it.
pub(crate) fn find_text(wanted: &str) -> Option<u32> {
    let (mut low, mut high) = (0, STRINGS.len());
    while low < high {
        let middle = low + (high - low) / 2;
        match text(middle).cmp(wanted) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Equal => return Some(middle),
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}

/// Reads numbers and strings from a place in the stream.
#[derive(Clone, Copy)]
pub(crate) struct Reader {
    position: usize,
}

impl Reader {
    /// Starts at an offset into the stream.
    pub(crate) fn at(offset: u32) -> Self {
        Reader { position: STREAM + offset as usize }
    }

    /// The next number; zero behind the end.
    pub(crate) fn number(&mut self) -> u32 {
        let mut value = 0_u32;
        for shift in (0..35).step_by(7) {
            let byte = TABLE.get(self.position).copied().unwrap_or(0);
            self.position += 1;
            value |= u32::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            if byte < 0x80 {
                break;
            }
        }
        value
    }

    /// The next string.
    pub(crate) fn text(&mut self) -> &'static str {
        text(self.number())
    }

    /// The next string, which may be missing.
    pub(crate) fn optional_text(&mut self) -> Option<&'static str> {
        self.number().checked_sub(1).map(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_data_stay_small() {
        assert!(embedded_bytes() <= 4_000_000, "{} bytes", embedded_bytes());
    }

    #[test]
    fn strings_are_found_by_their_text() {
        for id in (0..STRINGS.len()).step_by(997) {
            assert_eq!(find_text(text(id)), Some(id));
        }
        assert_eq!(find_text("no such string anywhere"), None);
        assert_eq!(text(NONE), "");
    }
}
