fn main() {
    println!("two: {}", base::FILE);
}
