import ChildProcess
import FileTree
import SystemPackage
import TestSupport
import Testing

/// Git directories that lie in no worktree: what a build script takes from one is another worktree's in the next.
@Suite struct GitDirectoryTests {
    /// A bare repository beside its worktrees, one around them, a git directory elsewhere, and a submodule's.
    @Test(arguments: [
        "git clone -q --bare $origin p/.bare; cd p; echo 'gitdir: ./.bare' >.git; git worktree add -q main main; cd main",
        "git clone -q --bare $origin p.git; cd p.git; git worktree add -q ../main main; cd ../main",
        "git clone -q --bare $origin p.git; cd p.git; git worktree add -q main main; cd main",
        "git clone -q --separate-git-dir elsewhere $origin p; cd p",
        """
        git init -q super; cd super; git submodule --quiet add $origin sub
        git commit -qm sub; cd sub
        """,
    ])
    func aScriptThatWatchesHead(_ setup: String) throws {
        let directory = try TemporaryDirectory()
        let script = """
            use std::process::Command;
            fn git(arguments: &[&str]) -> String {
                String::from_utf8(Command::new("git").args(arguments).output().unwrap().stdout).unwrap().trim().into()
            }
            fn main() {
                println!("cargo:rerun-if-changed=build.rs");
                println!("cargo:rerun-if-changed={}/HEAD", git(&["rev-parse", "--absolute-git-dir"]));
                println!("cargo:rustc-env=BRANCH={}", git(&["rev-parse", "--abbrev-ref", "HEAD"]));
            }
            """
        let workspace = try SmallWorkspace.package(
            [
                "build.rs": script,
                "src/main.rs": "fn main() { println!(\"value: {}\", env!(\"BRANCH\")) }",
            ], in: directory)
        var environment = workspace.environment
        environment["WT"] = productsDirectory.appending("wt").string
        environment["origin"] = workspace.path.string
        let places = directory.appending("places")
        try makeDirectories(places)
        let commands = """
            set -eu
            export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=protocol.file.allow GIT_CONFIG_VALUE_0=always
            \(setup)
            unset GIT_CONFIG_COUNT
            cargo build -q --offline
            "$WT" new feat --path "\(places)/feat"
            cd "\(places)/feat"
            cargo build --offline
            ./target/debug/app
            """
        let outcome = try ChildProcess("bash", ["-c", commands], in: places, environment: environment).run()
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.text.hasSuffix("value: feat\n"), "\(outcome.text) \(outcome.errorText)")
    }
}
