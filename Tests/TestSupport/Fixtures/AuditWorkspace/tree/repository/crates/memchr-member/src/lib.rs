pub fn origin() -> &'static str {
    "workspace"
}
