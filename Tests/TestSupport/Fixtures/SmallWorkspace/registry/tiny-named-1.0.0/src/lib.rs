pub fn value() -> &'static str {
    "named of the registry"
}
