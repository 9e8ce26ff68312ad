fn main() {
    println!("example: {} {}", base::FILE, env!("CARGO_MANIFEST_DIR"));
}
