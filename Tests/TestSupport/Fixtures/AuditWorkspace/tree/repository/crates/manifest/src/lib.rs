pub const DIRECTORY: &str = env!("CARGO_MANIFEST_DIR");
pub const DATA: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data.txt"));
pub const SAME_DATA: &str = include_str!("../data.txt");
