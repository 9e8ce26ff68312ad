//! A path dependency inside the repository that is no member.

pub const FILE: &str = file!();
