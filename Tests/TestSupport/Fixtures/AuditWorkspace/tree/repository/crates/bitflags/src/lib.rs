//! A member with the name of a registry crate.

pub fn origin() -> &'static str {
    "workspace"
}
