//! Interned names and string constants of one file.

use rustc_hash::FxHashMap;

/// An interned string of one file; compare only within the same [`NameTable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(pub u32);

/// The interned strings of one file, each stored once.
#[derive(Clone, Debug, Default)]
pub struct NameTable {
    texts: Vec<std::sync::Arc<str>>,
    index: FxHashMap<std::sync::Arc<str>, Name>,
}

impl NameTable {
    /// The name for `text`, made on first use.
    pub fn intern(&mut self, text: &str) -> Name {
        if let Some(&name) = self.index.get(text) {
            return name;
        }
        let name = Name(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        let shared: std::sync::Arc<str> = text.into();
        self.texts.push(shared.clone());
        self.index.insert(shared, name);
        name
    }

    /// The text of a name of this table.
    #[must_use]
    pub fn text(&self, name: Name) -> &str {
        &self.texts[name.0 as usize]
    }

    /// The text as a shared string, for values that outlive a look at the table.
    #[must_use]
    pub fn shared(&self, name: Name) -> std::sync::Arc<str> {
        self.texts[name.0 as usize].clone()
    }

    /// The name of `text`, if some construct of the file uses it.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Name> {
        self.index.get(text).copied()
    }
}
