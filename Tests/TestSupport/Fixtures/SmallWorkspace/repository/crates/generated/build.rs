use std::{env, fs, path::PathBuf};

fn main() {
    println!("cargo:rerun-if-changed=schema.txt");
    println!("cargo:rerun-if-changed=parts");
    let mut parts: Vec<_> = fs::read_dir("parts").unwrap().map(|part| part.unwrap().path()).collect();
    parts.sort();
    let mut text = fs::read_to_string("schema.txt").unwrap().trim().to_string();
    for part in parts {
        text = format!("{text}, {}", fs::read_to_string(part).unwrap().trim());
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
    fs::write(out.join("schema.rs"), format!("pub const SCHEMA: &str = {text:?};\n")).unwrap();
}
