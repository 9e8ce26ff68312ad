use std::{path::Path, process::Command};

#[test]
fn runs_the_second_binary_of_this_worktree() {
    let program = env!("CARGO_BIN_EXE_tool-two");
    println!("program: {program}\nscratch: {}", env!("CARGO_TARGET_TMPDIR"));
    assert!(Command::new(program).status().unwrap().success());
    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml").exists());
}
