pub fn value() -> &'static str {
    "patched"
}
