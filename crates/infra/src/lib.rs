//! What deployment tells about code: names in environment variables
