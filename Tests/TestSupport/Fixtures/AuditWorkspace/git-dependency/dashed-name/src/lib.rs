pub fn three() -> String {
    itoa::Buffer::new().format(3).to_string()
}

pub const DIRECTORY: &str = env!("CARGO_MANIFEST_DIR");
