use proc_macro::TokenStream;
use quote::quote;

#[proc_macro_derive(Named)]
pub fn named(input: TokenStream) -> TokenStream {
    let name = syn::parse_macro_input!(input as syn::DeriveInput).ident;
    quote! { impl #name { pub const NAME: &'static str = stringify!(#name); } }.into()
}

/// The directory of the package that uses the macro, read while it expands: the user's dep-info does not mention it.
#[proc_macro]
pub fn directory_of_user(_: TokenStream) -> TokenStream {
    let directory = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    quote!(#directory).into()
}

/// The directory of this package, held by the compiled macro.
#[proc_macro]
pub fn directory_of_macro(_: TokenStream) -> TokenStream {
    let directory = env!("CARGO_MANIFEST_DIR");
    quote!(#directory).into()
}
