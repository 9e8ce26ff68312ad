//! The library whose source differs on the branch `other-lib`.

#[derive(tiny_derive::Describe)]
pub struct Circle;

pub fn value() -> &'static str {
    "shapes of main"
}

pub fn below() -> String {
    format!("{} and {}", tiny_plain::value(), Circle::describe())
}

pub fn source_file() -> &'static str {
    file!()
}

#[cfg(test)]
mod tests {
    #[test]
    fn has_a_value() {
        assert!(super::value().starts_with("shapes"));
    }
}
