import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// `wt rm` of a worktree in which cargo begins to build meanwhile: either of them may win, and no other worktree's cache
/// knows of it.
@Suite struct BusyRemovalTests {
    let directory: TemporaryDirectory
    let workspace: SmallWorkspace
    /// The build script waits until this file exists, where GATE names it.
    var gate: FilePath { directory.appending("gate") }
    var reached: FilePath { directory.appending("gate.reached") }
    var path: FilePath { directory.appending("repository.topic") }

    init() throws {
        directory = try TemporaryDirectory()
        workspace = try SmallWorkspace.package(
            [
                "build.rs": """
                fn main() {
                    println!("cargo::rerun-if-changed=build.rs");
                    let Ok(gate) = std::env::var("GATE") else { return };
                    std::fs::write(format!("{gate}.reached"), "").unwrap();
                    while !std::path::Path::new(&gate).exists() {
                        std::thread::sleep(std::time::Duration::from_millis(1));
                    }
                }

                """,
                "src/main.rs": "fn main() { println!(\"value: {}\", library::value()) }\n",
                "library/Cargo.toml": SmallWorkspace.manifest("library"),
                "library/src/lib.rs": "pub fn value() -> u32 { 10 }\n",
                "Cargo.toml": SmallWorkspace.manifest(
                    "app", "[dependencies]\nlibrary = { path = \"library\" }\n[workspace]\n"),
            ], in: directory)
    }

    private func make() throws {
        for file in [gate, reached] where FileStatus.ifPresent(file) != nil { try removeTree(file) }
        let made = try runWT(["new", "topic"], in: workspace.path, environment: workspace.environment)
        guard made.status == 0 else { throw TestFailure(made.errorText) }
    }

    /// A build that has something to do there, and is in the middle of it when this returns, or has failed.
    private func startBuild() throws -> Background {
        let build = try Background(
            ["cargo", "build", "--offline", "--release"], in: path,
            environment: workspace.environment.merging(["GATE": gate.string]) { $1 },
            log: directory.appending("build.log"))
        _ = build.runs { FileStatus.ifPresent(reached) != nil }
        return build
    }

    @Test(.timeLimit(.minutes(20))) func aBuildBeginsAtAnyPointOfARemoval() throws {
        try workspace.build()
        try make()
        let paused = Paused(
            words: [productsDirectory.appending("wt").string, "rm", "topic"], directory: workspace.path,
            environment: workspace.environment, logs: directory.path, place: workspace.path)
        let calls = try paused.calls()
        try workspace.repository.settle()
        var refused = 0
        var removed = 0
        for index in stride(from: 0, to: calls.count, by: max(1, calls.count / 16)) {
            try make()
            var invariants = try Invariants(of: workspace.repository, untouched: [workspace.path])
            invariants.mayLose = ["topic"]
            var build: Background?
            let (status, words, wasStopped) = try paused.run(stoppedAt: calls[index]) {
                if FileStatus.ifPresent(path) != nil { build = try startBuild() }
            }
            #expect(wasStopped, "\(calls[index])")
            try Data().write(to: URL(fileURLWithPath: gate.string))
            let built = build?.wait()
            if status == 0 {
                removed += 1
                // Cargo makes directories anew that it has found missing, as it does after `git worktree remove`.
                let left = (try? Directory(path).entries().map(\.name)) ?? []
                #expect(left == [] || left == ["target"], "\(calls[index].line): \(left)")
                if !left.isEmpty { try removeTree(path) }
            } else {
                refused += 1
                #expect(
                    status == 1 && words.contains("cargo is building in it"),
                    "\(calls[index].line): \(status), \(words)")
                #expect(built == 0, "\(build?.words ?? "no build")")
                try workspace.build(in: path)
                #expect(try workspace.report(of: path)["value"] == "10")
                let again = try runWT(
                    ["rm", "topic"], in: workspace.path, environment: workspace.environment)
                #expect(again.status == 0, "\(again.errorText)")
            }
            try workspace.repository.settle()
            #expect(try invariants.violations() == [], "\(calls[index].line): \(words)")
            #expect(FileStatus.ifPresent(path) == nil)
        }
        #expect(refused > 0 && removed > 0, "\(refused) refused, \(removed) removed")
        #expect(try workspace.build().log.compiledNothing)
    }
}
