//! Mentions its place only to find a file; the compiled code holds the file's text and no path.

pub const DATA: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data.txt"));
