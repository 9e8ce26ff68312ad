fn main() {
    println!("example: {}", shapes::value());
}
