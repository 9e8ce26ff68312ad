fn main() {
    println!("{:?}", base::parse("{}"));
}
