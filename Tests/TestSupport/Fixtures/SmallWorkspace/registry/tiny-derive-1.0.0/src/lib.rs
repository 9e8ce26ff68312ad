use proc_macro::TokenStream;

/// Gives a struct a function that names it; written without syn so that it compiles at once.
#[proc_macro_derive(Describe)]
pub fn describe(input: TokenStream) -> TokenStream {
    let mut words = input.into_iter().map(|token| token.to_string()).skip_while(|word| word != "struct");
    let name = words.nth(1).expect("a struct with a name");
    format!("impl {name} {{ pub fn describe() -> &'static str {{ \"{name} by tiny-derive\" }} }}").parse().unwrap()
}
