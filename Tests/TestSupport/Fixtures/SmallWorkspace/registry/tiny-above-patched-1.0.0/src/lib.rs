pub fn value() -> String {
    format!("above {}", tiny_patched::value())
}
