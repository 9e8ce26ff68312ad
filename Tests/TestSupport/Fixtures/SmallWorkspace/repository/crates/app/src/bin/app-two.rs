fn main() {
    println!("two: {}", shapes::value());
}
