use std::{env, fs, path::PathBuf};

fn main() {
    println!("cargo:rerun-if-changed=schema.txt");
    let schema = fs::read_to_string("schema.txt").unwrap();
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
    fs::write(out.join("schema.rs"), format!("pub const SCHEMA: &str = {:?};\n", schema.trim())).unwrap();
    println!("cargo:rustc-env=SCHEMA_OUT={}", out.display());
}
