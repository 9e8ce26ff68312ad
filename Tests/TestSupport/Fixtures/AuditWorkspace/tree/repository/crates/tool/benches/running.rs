fn main() {
    println!("bench: {}", base::FILE);
}
