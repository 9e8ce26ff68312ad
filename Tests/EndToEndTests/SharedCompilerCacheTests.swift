import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// What docs/sccache.md describes: two clones on two machines, each with an sccache of its own, and one store for both. The
/// machines are this one; what they share is the store and, as it has to be, the place of the registry's sources.
@Suite struct SharedCompilerCacheTests {
    private let directory: TemporaryDirectory
    private let workspace: SmallWorkspace
    private let port: Int
    private let store: Background

    init() throws {
        directory = try TemporaryDirectory()
        workspace = try SmallWorkspace.make(in: directory)
        port = try Self.freePort()
        let place = directory.path.appending("store")
        try makeDirectories(place)
        let words = [
            "redis-server", "--bind", "127.0.0.1", "--port", "\(port)", "--save", "", "--appendonly", "no", "--dir",
            place.string,
        ]
        store = try Background(
            words, in: place, environment: TestEnvironment.plain, log: directory.path.appending("store.log"))
        let log = store
        guard store.runs(until: { log.words.contains("Ready to accept connections") }) else {
            throw TestFailure("redis-server: \(store.words)")
        }
        // The member that holds its own path is compiled in every worktree, on purpose.
        let repository = workspace.repository
        try repository.git("rm", "--quiet", "-r", "crates/baked")
        for name in ["crates/app/Cargo.toml", "crates/app/src/lib.rs"] {
            let text = String(decoding: try readFile(workspace.path.pushing(FilePath(name))), as: UTF8.self)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.contains("baked") }
            try repository.write(name, lines.joined(separator: "\n"))
        }
        let lock = try ChildProcess(
            "cargo", ["generate-lockfile", "--offline"], in: workspace.path, environment: workspace.environment
        ).run()
        guard lock.status == 0 else { throw TestFailure("cargo generate-lockfile: \(lock.errorText)") }
        try repository.commit("nothing that holds its path")
    }

    /// One that nobody has at this moment.
    private static func freePort() throws -> Int {
        let script = "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"
        let outcome = try ChildProcess("python3", ["-c", script], environment: TestEnvironment.plain).run()
        guard outcome.status == 0, let port = Int(outcome.text.dropLast()) else {
            throw TestFailure("no free port: \(outcome.errorText)")
        }
        return port
    }

    /// A machine: a clone, and an sccache server that has only the common store.
    private struct Machine {
        let clone: FilePath
        let environment: [String: String]

        init(_ name: String, of workspace: SmallWorkspace, in directory: FilePath, port: Int) throws {
            clone = directory.appending(name)
            try workspace.repository.git("clone", "--quiet", workspace.path.string, clone.string)
            environment = workspace.environment.merging([
                "RUSTC_WRAPPER": "sccache", "SCCACHE_REDIS_ENDPOINT": "redis://127.0.0.1:\(port)",
                "SCCACHE_SERVER_UDS": directory.appending("\(name).socket").string, "SCCACHE_IDLE_TIMEOUT": "120",
            ]) { $1 }
            _ = try sccache("--start-server")
        }

        @discardableResult
        func sccache(_ words: String...) throws -> ChildProcess.Outcome {
            let outcome = try ChildProcess("sccache", words, in: clone, environment: environment).run()
            guard outcome.status == 0 else { throw TestFailure("sccache \(words): \(outcome.errorText)") }
            return outcome
        }

        /// How often it was asked, and how often it had the answer.
        func counts() throws -> (requests: Int, hits: Int, compilations: Int) {
            let output = try sccache("--show-stats", "--stats-format", "json").output
            let answer = try JSONSerialization.jsonObject(with: Data(output)) as? [String: Any]
            let stats = try #require(answer?["stats"] as? [String: Any])
            let hits = (stats["cache_hits"] as? [String: Any])?["counts"] as? [String: Int] ?? [:]
            return (
                try #require(stats["compile_requests"] as? Int), hits.values.reduce(0, +),
                try #require(stats["compilations"] as? Int)
            )
        }
    }

    @Test func aSecondCloneTakesFromTheStoreAndItsWorktreesFromIt() throws {
        let first = try Machine("first", of: workspace, in: directory.path, port: port)
        defer { _ = try? first.sccache("--stop-server") }
        try workspace.build(in: first.clone, settings: first.environment)
        let alone = try first.counts()
        #expect(alone.hits == 0 && alone.compilations > 0)

        let second = try Machine("second", of: workspace, in: directory.path, port: port)
        defer { _ = try? second.sccache("--stop-server") }
        let build = try workspace.build(in: second.clone, settings: second.environment)
        // cargo has asked for everything; what of it another machine had compiled came from the store.
        #expect(build.log.fresh.isEmpty && build.log.compiledNames.isSuperset(of: ["shapes", "tiny-versioned"]))
        let shared = try second.counts()
        #expect(shared.hits >= 4 && shared.compilations < alone.compilations)

        let made = try MadeWorktree("topic", in: second.clone, environment: second.environment)
        #expect(made.answer.seed.unitsCold == 0, "\(made.coldReasons)")
        let warm = try workspace.build(in: made.path, settings: second.environment)
        #expect(warm.log.compiledNothing, "\(warm.errors)")
        // cargo asks the wrapper for the compiler's version, and sccache passes that on.
        let after = try second.counts()
        #expect(after.hits == shared.hits && after.compilations == shared.compilations)
        #expect(after.requests == shared.requests)

        // The wrapper is no part of what makes a unit fresh.
        let without = try CargoRun("build", ["--workspace"], in: made.path, environment: workspace.environment)
        #expect(without.log.compiledNothing, "\(without.errors)")
    }
}
