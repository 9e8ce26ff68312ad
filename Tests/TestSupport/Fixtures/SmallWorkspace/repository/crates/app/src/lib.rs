/// Every value that a test may want to see in the built program, one a line as `name: value`.
pub fn report() -> String {
    let lines = [
        ("shapes", shapes::value().to_string()),
        ("below shapes", shapes::below()),
        ("source file", shapes::source_file().to_string()),
        ("macros", macros::stamp!().to_string()),
        ("generated", generated::SCHEMA.to_string()),
        ("generated always", generated_always::NUMBER.to_string()),
        ("baked", baked::DIRECTORY.to_string()),
        ("included", included::DATA.trim().to_string()),
        ("outside", outside::NOTICE.trim().to_string()),
        ("named", named_member::value().to_string()),
        ("patched", tiny_above_patched::value()),
        ("registry generated", tiny_generated::VALUE.to_string()),
        ("versions", format!("{}, {}", versioned_one::value(), versioned_two::value())),
    ];
    lines.map(|(name, value)| format!("{name}: {value}\n")).concat()
}
