fn main() {
    println!("cargo:rerun-if-changed=c");
    println!("cargo:include={}/c", std::env::var("CARGO_MANIFEST_DIR").unwrap());
    cc::Build::new().file("c/native.c").compile("native");
}
