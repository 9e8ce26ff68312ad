//! Depends on its place: the compiled code holds the worktree's path.

pub const DIRECTORY: &str = env!("CARGO_MANIFEST_DIR");
