use std::{env, fs, path::PathBuf};

fn main() {
    println!("cargo:rerun-if-env-changed=GIT_GENERATED");
    let value = env::var("GIT_GENERATED").unwrap_or_else(|_| "by default".into());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
    fs::write(out.join("value.rs"), format!("pub const VALUE: &str = {value:?};\n")).unwrap();
}
