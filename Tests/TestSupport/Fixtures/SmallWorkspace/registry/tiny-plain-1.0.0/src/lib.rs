pub fn value() -> String {
    format!("plain over {}", tiny_named::value())
}
