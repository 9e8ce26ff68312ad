fn main() {
    print!("{}", app::report());
}
