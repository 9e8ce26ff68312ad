fn main() {
    println!("bench: {}", shapes::value());
}
