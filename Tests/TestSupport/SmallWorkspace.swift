import ChildProcess
import FileTree
import SystemPackage

/// An everyday cargo workspace that builds in seconds: see `Fixtures/SmallWorkspace`. It stands in a directory of its
/// own, beside which worktrees find the same cargo configuration:
///
///     registry/             a directory source of tiny crates that stands in for crates.io
///     .cargo/config.toml    says so
///     repository/           the main worktree, on `main`; `other-lib` is a second branch
///
/// Members: `shapes` (the library that differs on `other-lib`), `app` (two binaries, an example, a bench, an
/// integration test with CARGO_BIN_EXE), `macros` (proc-macro), `generated` and `generated-always` (build scripts with
/// and without rerun-if; both include a file of OUT_DIR), `baked` (the worktree's path in the compiled code),
/// `included` (only mentions it), `outside` (includes a file from outside its package), `capi` (cdylib), `tiny-named`
/// (has a registry crate's name). The registry's `tiny-above-patched` depends on a crate that the workspace patches.
public struct SmallWorkspace: Sendable {
    /// The repository with the workspace in its root.
    public let repository: TestRepository
    /// For git, cargo and `wt` alike.
    public var environment: [String: String] { repository.environment }
    /// The main worktree.
    public var path: FilePath { repository.path }

    /// Any other repository with a package or a workspace in its root, of which nothing is assumed but that its program
    /// is called `app`.
    public init(repository: TestRepository) { self.repository = repository }

    /// Makes it; nothing is built. All sources are an hour old, and git's index knows them. Throws `TestFailure`.
    public static func make(in directory: TemporaryDirectory) throws -> SmallWorkspace {
        try Fixtures.copy("SmallWorkspace/registry", to: directory.path.appending("registry"))
        try Fixtures.copy("SmallWorkspace/repository", to: directory.path.appending("repository"))
        let repository = try TestRepository(in: directory)
        try repository.write(
            "../.cargo/config.toml",
            """
            [source.crates-io]
            replace-with = "tiny"
            [source.tiny]
            directory = "\(directory.path.appending("registry"))"

            """)
        let lock = try ChildProcess(
            "cargo", ["generate-lockfile", "--offline"], in: repository.path, environment: repository.environment
        ).run()
        guard lock.status == 0 else { throw TestFailure("cargo generate-lockfile:\n\(lock.errorText)") }
        try repository.commit("a workspace")
        try repository.git("switch", "--quiet", "--create", "other-lib")
        let source = "crates/shapes/src/lib.rs"
        let text = String(decoding: try readFile(repository.path.pushing(FilePath(source))), as: UTF8.self)
        try repository.write(source, text.replacing("shapes of main", with: "shapes of other-lib"))
        try repository.commit("another library")
        try repository.git("switch", "--quiet", "main")
        try backdate(directory.path.appending("registry"))
        try backdate(repository.path, excluding: [".git"])
        try repository.git("update-index", "-q", "--refresh")
        return SmallWorkspace(repository: repository)
    }

    /// `cargo SUBCOMMAND -v --offline --workspace ARGUMENTS…` in the main worktree, or in `worktree`. Throws
    /// `TestFailure` when cargo fails.
    @discardableResult
    public func build(
        _ layout: Layout = .legacy, _ arguments: [String] = [], subcommand: String = "build",
        in worktree: FilePath? = nil, settings: [String: String] = [:]
    ) throws -> CargoRun {
        try CargoRun(
            subcommand, ["--workspace"] + arguments, in: worktree ?? path, layout: layout,
            environment: environment.merging(settings) { $1 })
    }

    /// Runs the built program `app` of a worktree (not through cargo) and returns the values it prints, by name:
    /// `shapes`, `below shapes`, `source file`, `macros`, `generated`, `generated always`, `baked`, `included`,
    /// `outside`, `named`, `patched`, `registry generated`, `versions`. Throws `TestFailure` when it fails.
    public func report(of worktree: FilePath? = nil, profile: String = "debug") throws -> [String: String] {
        let program = (worktree ?? path).pushing("target").appending(profile).appending("app")
        let outcome = try ChildProcess(program.string, [], environment: [:]).run()
        guard outcome.status == 0 else { throw TestFailure("\(program): status \(outcome.status)") }
        var values: [String: String] = [:]
        for line in outcome.text.split(separator: "\n") {
            guard let colon = line.firstRange(of: ": ") else { throw TestFailure("\(program) printed: \(line)") }
            values[String(line[..<colon.lowerBound])] = String(line[colon.upperBound...])
        }
        return values
    }
}
