import FileTree
import Foundation
import SystemPackage

/// Where one configuration of the audit workspace lives, and how it comes to be:
///
///     fixtures/audit/<configuration>/
///         .cargo/config.toml   names the registry beside it
///         registry/            a copy of Debian's crates
///         git-dependency/      a repository with three packages
///         home/                HOME and CARGO_HOME
///         tree/                what tests work on: repository/ and outside/
///         backup/              the same as it was after the build
///         build.log            cargo's words, written last: what is without it is made anew
struct AuditPlace {
    let root: FilePath

    init(configuration: String) {
        root = productsDirectory.removingLastComponent().appending("fixtures/audit").appending(configuration)
    }

    var repository: FilePath { root.appending("tree/repository") }
    var log: FilePath { root.appending("build.log") }
    private var registry: FilePath { root.appending("registry") }
    private var gitDependency: FilePath { root.appending("git-dependency") }

    func environment() throws -> [String: String] { try TestEnvironment.hermetic(home: root.appending("home")) }

    /// Holds a lock on the configuration, against other threads and other processes alike.
    func locked<Result>(_ body: () throws -> Result) throws -> Result {
        try makeDirectories(root)
        let descriptor = open(root.appending("lock").string, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0, flock(descriptor, LOCK_EX) == 0 else {
            throw TestFailure("cannot lock \(root): \(Errno(rawValue: errno))")
        }
        defer { close(descriptor) }
        return try body()
    }

    /// What the build depends on; another stamp means another build.
    private func stamp() throws -> String {
        let sources = try TreeSnapshot(Fixtures.directory.appending("AuditWorkspace"))
        let files = sources.entries.compactMap { entry in entry.value.content.map { "\(entry.key) \($0)" } }
        return try ([runTool("rustc", ["-vV"], environment())] + files.sorted()).joined(separator: "\n")
    }

    /// Makes registry, git dependency and sources where they are missing or were made from something else.
    func makeSources() throws {
        let stampFile = root.appending("stamp")
        let stamp = try stamp()
        if FileStatus.ifPresent(log) != nil, try readFile(stampFile) == Array(stamp.utf8) { return }
        for name in ["build.log", "registry", "git-dependency", "home", "tree", "backup", ".cargo"] {
            try removeTree(root.appending(name))
        }
        try makeRegistry()
        try Fixtures.copy("AuditWorkspace/git-dependency", to: gitDependency)
        try commitAll(in: gitDependency)
        try Fixtures.copy("AuditWorkspace/tree", to: root.appending("tree"))
        try makeWorkspace()
        try stamp.write(toFile: stampFile.string, atomically: true, encoding: .utf8)
    }

    private func makeRegistry() throws {
        let debian = "/usr/share/cargo/registry"
        guard FileStatus.ifPresent(FilePath(debian + "/tokio-1.24.2")) != nil else {
            throw TestFailure("Debian's Rust crates are not in \(debian): scripts/test installs them")
        }
        try runTool("cp", ["-a", debian, registry.string], environment())
        // Takes a compiler of today for one whose unstable features it knows, and uses some that are gone.
        let script = registry.appending("proc-macro2-1.0.47/build.rs")
        let text = try String(contentsOfFile: script.string, encoding: .utf8)
        let adapted = text.replacing(
            #"let nightly = version.contains("nightly") || version.contains("dev");"#, with: "let nightly = false;")
        guard adapted != text else { throw TestFailure("\(script) is not the version this was written for") }
        try adapted.write(toFile: script.string, atomically: false, encoding: .utf8)
        try makeDirectories(root.appending(".cargo"))
        try """
        [source.crates-io]
        replace-with = "debian"
        [source.debian]
        directory = "\(registry)"

        """.write(toFile: root.appending(".cargo/config.toml").string, atomically: false, encoding: .utf8)
    }

    private func makeWorkspace() throws {
        let patched = repository.appending("patched/lazy_static")
        try makeDirectories(patched)
        for name in ["Cargo.toml", "src"] {
            let source = registry.appending("lazy_static-1.4.0").appending(name)
            try FileManager.default.copyItem(atPath: source.string, toPath: patched.appending(name).string)
        }
        let manifest = repository.appending("crates/tool/Cargo.toml").string
        try String(contentsOfFile: manifest, encoding: .utf8)
            .replacing("@GIT@", with: "file://\(gitDependency)")
            .write(toFile: manifest, atomically: false, encoding: .utf8)
        // Cloning the git dependency needs a cargo that may go online, even though it is a directory.
        let online = try environment().merging(["CARGO_NET_OFFLINE": "false"]) { $1 }
        try runTool("cargo", ["generate-lockfile"], in: repository, online)
        try runTool("cargo", ["fetch", "--locked"], in: repository, online)
        try commitAll(in: repository)
        try backdate(root.appending("tree/outside"))
        try backdate(repository, excluding: [".git"])
        try runTool("git", ["-C", repository.string, "update-index", "-q", "--refresh"], environment())
    }

    private func commitAll(in directory: FilePath) throws {
        for words in [["init", "--quiet", "-b", "main"], ["add", "--all"], ["commit", "--quiet", "-m", "all"]] {
            try runTool("git", ["-C", directory.string] + words, environment())
        }
    }

    /// Builds everything and keeps a copy, unless that was done before.
    func build(_ layout: Layout, _ profile: String) throws {
        if FileStatus.ifPresent(log) != nil { return }
        let run = try CargoRun(
            "build", ["--workspace", "--all-targets", "--profile", profile], in: repository, layout: layout,
            environment: environment())
        try runTool("cp", ["-a", root.appending("tree").string, root.appending("backup").string], environment())
        try run.errors.write(toFile: log.string, atomically: true, encoding: .utf8)
    }

    /// Makes the tree equal to the copy again. Most tests leave the donor as they found it, or build there, which
    /// rewrites a few dep-info files: only what differs is replaced, unless that is more than the contents of files.
    func restore() throws {
        let (tree, backup) = (root.appending("tree"), root.appending("backup"))
        try makeDirectories(tree)
        for (name, _) in try Directory(tree).entries() where !["repository", "outside"].contains(name.string) {
            try removeTree(tree.appending(name))
        }
        let git = "repository/.git"
        let (now, before) = try (TreeSnapshot(tree, excluding: [git]), TreeSnapshot(backup, excluding: [git]))
        let damaged = Set(now.entries.keys).union(before.entries.keys).filter { name in
            // The directories around what is always replaced change with it.
            name != "" && name != "repository" && now.entries[name]?.withoutInode != before.entries[name]?.withoutInode
        }
        if damaged.allSatisfy({ now.entries[$0]?.kind == .file && before.entries[$0]?.kind == .file }) {
            // Written in place, so that the directories keep their mtimes.
            for name in damaged { try copyBack(name) }
            try removeTree(tree.pushing(FilePath(git)))
            try copyBack(git)
        } else {
            try removeTree(tree)
            try copyBack("")
        }
        // Files may be other inodes than those that git's index knows.
        try runTool("git", ["-C", repository.string, "update-index", "-q", "--refresh"], environment())
    }

    private func copyBack(_ name: String) throws {
        let (from, to) = (root.appending("backup"), root.appending("tree"))
        let end = FilePath(name)
        try runTool("cp", ["-a", "-T", from.pushing(end).string, to.pushing(end).string], environment())
    }
}
