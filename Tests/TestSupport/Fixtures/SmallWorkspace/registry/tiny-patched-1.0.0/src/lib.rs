pub fn value() -> &'static str {
    "of the registry, which the patch should have replaced"
}
