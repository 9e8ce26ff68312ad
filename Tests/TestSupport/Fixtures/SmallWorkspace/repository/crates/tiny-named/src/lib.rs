//! Has the name of a registry crate.

pub fn value() -> &'static str {
    "named of the workspace"
}
