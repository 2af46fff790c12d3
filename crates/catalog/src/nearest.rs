//! The names nearest to a misspelt one, by the number of letters to add, leave out, replace or swap.

/// How many names are given.
const WANTED: usize = 5;

/// Collects the names nearest to a word.
#[derive(Debug)]
pub struct Nearest {
    word: Vec<char>,
    /// More changes than this are another word.
    limit: usize,
    found: Vec<(usize, String)>,
}

impl Nearest {
    /// Looks for names like `word`: at most one change for every three letters, and at most five.
    #[must_use]
    pub fn new(word: &str) -> Nearest {
        let word: Vec<char> = word.chars().map(|letter| letter.to_ascii_lowercase()).collect();
        let limit = (word.len() / 3).clamp(1, 5);
        Nearest { word, limit, found: Vec::new() }
    }

    /// Considers a name.
    pub fn offer(&mut self, name: &str) {
        if name.len().abs_diff(self.word.len()) <= self.limit
            && let Some(distance) = self.distance(name)
        {
            self.keep(distance, name);
        }
    }

    /// Considers a name that has to be put together first.
    pub fn offer_owned(&mut self, name: impl FnOnce() -> String) {
        self.offer(&name());
    }

    /// The nearest names, at most five.
    #[must_use]
    pub fn names(self) -> Vec<String> {
        self.found.into_iter().map(|(_, name)| name).collect()
    }

    fn keep(&mut self, distance: usize, name: &str) {
        let entry = (distance, name.to_owned());
        if let Err(position) = self.found.binary_search(&entry) {
            self.found.insert(position, entry);
            self.found.truncate(WANTED);
        }
        if let (WANTED, Some((worst, _))) = (self.found.len(), self.found.last()) {
            self.limit = self.limit.min(*worst);
        }
    }

    /// The number of changes between the word and a name, when it is within the limit: the
    /// optimal string alignment distance, ignoring ASCII case.
    fn distance(&self, name: &str) -> Option<usize> {
        let name: Vec<char> = name.chars().map(|letter| letter.to_ascii_lowercase()).collect();
        let width = self.word.len() + 1;
        let mut before = vec![0; width];
        let mut above: Vec<usize> = (0..width).collect();
        let mut row = vec![0; width];
        for (y, letter) in name.iter().enumerate() {
            row[0] = y + 1;
            for (x, wanted) in self.word.iter().enumerate() {
                let replaced = above[x] + usize::from(letter != wanted);
                row[x + 1] = replaced.min(above[x + 1] + 1).min(row[x] + 1);
                let swapped = x > 0 && y > 0 && *letter == self.word[x - 1] && name[y - 1] == *wanted;
                if swapped {
                    row[x + 1] = row[x + 1].min(before[x - 1] + 1);
                }
            }
            if row.iter().min().is_some_and(|least| *least > self.limit) {
                return None;
            }
            std::mem::swap(&mut before, &mut above);
            std::mem::swap(&mut above, &mut row);
        }
        above.last().copied().filter(|distance| *distance <= self.limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest(word: &str, names: &[&str]) -> Vec<String> {
        let mut nearest = Nearest::new(word);
        names.iter().for_each(|name| nearest.offer(name));
        nearest.names()
    }

    #[test]
    fn the_fewest_changes_come_first() {
        let names = ["get_object_acl", "get_objects", "put_object", "get_object", "unrelated"];
        assert_eq!(nearest("get_ojbect", &names), ["get_object", "get_objects", "put_object"]);
    }

    #[test]
    fn what_has_nothing_in_common_is_not_offered() {
        assert!(nearest("xy", &["ab", "object"]).is_empty());
        assert!(nearest("", &["ab"]).is_empty());
    }
}
