//! From inputs to the complete result: the library face of perm-infer
