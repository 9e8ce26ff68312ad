pub fn value() -> &'static str {
    "version 1"
}
