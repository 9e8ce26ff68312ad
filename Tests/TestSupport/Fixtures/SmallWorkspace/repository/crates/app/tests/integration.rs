use std::process::Command;

#[test]
fn runs_the_second_binary() {
    let path = env!("CARGO_BIN_EXE_app-two");
    let output = Command::new(path).output().unwrap();
    assert!(output.status.success());
    println!("ran {path}");
}
