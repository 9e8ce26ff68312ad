import FileTree
import Foundation
import SystemPackage
import TestSupport

/// A worktree that git has made, and what the real `wt seed --json` did with it.
struct PresentWorktree {
    let workspace: SmallWorkspace
    let layout: Layout
    let path: FilePath

    /// `git worktree add` beside the main worktree, on a new branch at the start point.
    init(_ workspace: SmallWorkspace, _ layout: Layout, at startPoint: String = "HEAD") throws {
        self.workspace = workspace
        self.layout = layout
        path = workspace.path.removingLastComponent().appending("repository.topic")
        try workspace.repository.git("worktree", "add", "--quiet", "-b", "topic", path.string, startPoint)
    }

    var target: FilePath { path.appending("target") }

    /// What `wt seed --json` says, the fields that tests look at.
    struct Answer: Decodable {
        let version: Int
        let dryRun: Bool
        let path: String
        let seed: MadeWorktree.Answer.Seed
        let notes: [String]

        /// What a build of everything has to compile and run, in the words of `CargoLog.compiled`.
        var expectedWork: [String] { seed.cold.map { CargoLog.work(ofUnit: $0.unit) }.sorted() }
        var unitsTaken: Int { seed.unitsLinked + seed.unitsCopied }
        var coldReasons: String { seed.cold.map { "\($0.unit): \($0.reason)" }.sorted().joined(separator: "\n") }
    }

    /// `wt seed --json` there. The main worktree, which is the donor, must be the same afterwards, and every file of
    /// the worktree but its build directory. Throws `TestFailure` when the status is not 0, or something has changed.
    @discardableResult
    func seed(_ arguments: [String] = []) throws -> Answer {
        let donor = try TreeSnapshot(workspace.path, excluding: [".git"])
        let sources = try TreeSnapshot(path, excluding: ["target"])
        let outcome = try runWT(
            ["seed", "--json"] + arguments, in: path,
            environment: workspace.environment.merging(layout.settings) { $1 })
        guard outcome.status == 0 else {
            throw TestFailure("wt seed: status \(outcome.status)\n\(outcome.text)\(outcome.errorText)")
        }
        let changes =
            try TreeSnapshot(workspace.path, excluding: [".git"]).differences(from: donor)
            // A build directory that appears is a change of the directory around it.
            + TreeSnapshot(path, excluding: ["target"]).differences(from: sources).filter { !$0.hasPrefix(".: mtime") }
        guard changes.isEmpty else { throw TestFailure("wt seed changed \(changes.joined(separator: "\n"))") }
        return try JSONDecoder().decode(Answer.self, from: Data(outcome.output))
    }

    /// Builds everything in the worktree.
    @discardableResult
    func build(_ arguments: [String] = []) throws -> CargoLog {
        try workspace.build(layout, ["--all-targets"] + arguments, in: path).log
    }

    /// Replaces text in a file of the worktree, in place, and gives it an mtime long before anything was built, as
    /// archives, copies and some editors do.
    func edit(_ name: String, _ old: String, _ new: String) throws {
        let file = path.pushing(FilePath(name))
        let text = String(decoding: try readFile(file), as: UTF8.self)
        guard text.contains(old) else { throw TestFailure("no \(old) in \(name)") }
        try text.replacing(old, with: new).write(toFile: file.string, atomically: false, encoding: .utf8)
        try setAnHourOld(name)
    }

    /// Sets the mtime of a file or directory to an hour ago.
    func setAnHourOld(_ name: String) throws {
        let time = FileTime(seconds: FileTime.now().seconds - 3600, nanoseconds: 5)
        try setModificationTime(of: path.pushing(FilePath(name)), to: time)
    }

    /// What the programs built here print, after a build that must find nothing left to do.
    func report() throws -> [String: String] {
        let log = try build()
        guard log.compiledNothing else { throw TestFailure("built twice: \(log.compiled) \(log.reasons)") }
        return try workspace.report(of: path)
    }

    /// What they print when the same sources are built from nothing, in another target directory.
    func reportOfColdBuild() throws -> [String: String] {
        let elsewhere = path.removingLastComponent().appending("cold")
        try build(["--target-dir", elsewhere.string])
        return try report(in: elsewhere)
    }

    /// What the program in another target directory prints.
    func report(in targetDirectory: FilePath) throws -> [String: String] {
        let outer = targetDirectory.removingLastComponent().appending("holder-\(targetDirectory.lastComponent!.string)")
        try makeDirectories(outer)
        if FileStatus.ifPresent(outer.appending("target")) == nil {
            try FileManager.default.createSymbolicLink(
                atPath: outer.appending("target").string, withDestinationPath: targetDirectory.string)
        }
        return try workspace.report(of: outer)
    }
}
