//! Walks a tree, decides which files matter and parses them in parallel
