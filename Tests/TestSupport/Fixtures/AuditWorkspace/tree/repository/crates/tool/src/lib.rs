/// What a test may want to see in the built program, one value a line as `name: value`.
pub fn report() -> String {
    let lines = [
        ("manifest", manifest::DIRECTORY.to_string()),
        ("data", manifest::DATA.trim().to_string()),
        ("directory of user", macros::directory_of_user!().to_string()),
        ("directory of macro", macros::directory_of_macro!().to_string()),
        ("schema", schema::SCHEMA.to_string()),
        ("out dir", schema::OUT_DIR.to_string()),
        ("out dir of script", schema::OUT_DIR_OF_THE_SCRIPT.to_string()),
        ("value", values::VALUE.to_string()),
        ("value directory", values::DIRECTORY.to_string()),
        ("always", always::NUMBER.to_string()),
        ("file", base::FILE.to_string()),
        ("excluded", excluded::FILE.to_string()),
        ("outside", outside::PLACE.to_string()),
        ("git", format!("{} {} {}", dashed_name::three(), git_generated::VALUE, either_of_git::origin())),
        ("native", native::add(1, 2).to_string()),
        ("bitflags", bitflags_member::origin().to_string()),
    ];
    lines.map(|(name, value)| format!("{name}: {value}\n")).concat()
}
