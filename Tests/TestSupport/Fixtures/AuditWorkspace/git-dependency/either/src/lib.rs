//! Has the name of a registry crate that the workspace uses as well.

pub fn origin() -> &'static str {
    "git"
}
