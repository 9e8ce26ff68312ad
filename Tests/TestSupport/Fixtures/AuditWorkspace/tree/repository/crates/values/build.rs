use std::env;

fn main() {
    println!("cargo:rerun-if-env-changed=AUDIT_VALUE");
    println!("cargo:rustc-env=VALUE={}", env::var("AUDIT_VALUE").unwrap_or_else(|_| "unset".into()));
    println!("cargo:rustc-env=DIRECTORY={}", env::var("CARGO_MANIFEST_DIR").unwrap());
    println!("cargo:warning=the script of values ran in {}", env::current_dir().unwrap().display());
}
