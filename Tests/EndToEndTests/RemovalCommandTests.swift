import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// `wt rm` and `wt prune` as programs: what they leave to the background, and what they print.
@Suite struct RemovalCommandTests {
    let directory: TemporaryDirectory
    let workspace: SmallWorkspace

    init() throws {
        directory = try TemporaryDirectory()
        workspace = try SmallWorkspace.make(in: directory)
    }

    private var trash: FilePath { workspace.path.pushing(".git/wt-trash") }

    private func wt(_ arguments: String...) throws -> ChildProcess.Outcome {
        try runWT(arguments, in: workspace.path, environment: workspace.environment)
    }

    private func worktrees(_ outcome: ChildProcess.Outcome, _ key: String = "worktrees") throws -> [[String: Any]] {
        let value = try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: Any]
        return try #require(value?[key] as? [[String: Any]], "\(outcome.text)\(outcome.errorText)")
    }

    /// Waits for what another process does.
    private func isGoneInTheEnd(_ path: FilePath) -> Bool {
        for _ in 0..<6000 {
            if FileStatus.ifPresent(path) == nil { return true }
            usleep(10_000)
        }
        return false
    }

    private func used(_ paths: FilePath...) throws -> Int64 {
        let outcome = try ChildProcess(
            "du", ["-sc", "--block-size=1"] + paths.map(\.string), environment: workspace.environment
        ).run()
        return try #require(
            outcome.text.split(separator: "\n").last?.split(separator: "\t").first.flatMap { Int64($0) })
    }

    /// After a real build and a real seeding: what rm says is what the disk has more.
    @Test func freedIsWhatTheDiskHasMore() throws {
        try workspace.build(.legacy)
        let made = try MadeWorktree("one", from: workspace)
        let all = try used(workspace.path, made.path)
        // The registration is not counted.
        let registration = try used(workspace.path.pushing(".git"))
        let own = try used(made.path)
        let outcome = try wt("rm", "--wait", "--json", "one")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(FileStatus.ifPresent(trash) == nil)
        let lessRegistration = try registration - used(workspace.path.pushing(".git"))
        let freed = try all - used(workspace.path) - lessRegistration
        let row = try #require(try worktrees(outcome).first)
        #expect(row["bytesFreed"] as? Int64 == freed)
        #expect(row["bytesShared"] as? Int64 == own - freed)
        #expect(own - freed > 0)
        #expect(row["branchDeleted"] as? Bool == true)
    }

    @Test func theRestIsDeletedBehind() throws {
        let made = try #require(try wt("new", "one").text.split(separator: "\n").first.map { FilePath(String($0)) })
        // Whoever reads what it prints is not kept waiting for the deletion.
        let outcome = try wt("rm", "one")
        #expect(outcome.status == 0)
        #expect(outcome.errorText.contains("removed \(made): its files are being deleted"))
        #expect(FileStatus.ifPresent(made) == nil)
        #expect(isGoneInTheEnd(trash))
    }

    /// It is measured file by file, which nobody is kept waiting for who did not ask.
    @Test func whatWasFreedIsSaidToThoseWhoWait() throws {
        let made = try #require(try wt("new", "one").text.split(separator: "\n").first.map { FilePath(String($0)) })
        let dry = try wt("rm", "--dry-run", "one")
        #expect(dry.text.contains("would remove \(made): would free "))
        let outcome = try wt("rm", "--wait", "one")
        #expect(outcome.status == 0)
        #expect(outcome.errorText.contains("removed \(made): freed "))
        #expect(FileStatus.ifPresent(trash) == nil)
    }

    /// A deletion that was interrupted is finished by whatever `wt` comes next; what is in use is left alone.
    @Test(arguments: [["list"], ["new", "one"], ["seed"]])
    func aDeletionThatWasInterruptedIsFinished(_ words: [String]) throws {
        try workspace.repository.write(".git/wt-trash/1-1/deep/file", "given up")
        let outcome = try runWT(words, in: workspace.path, environment: workspace.environment)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(isGoneInTheEnd(trash))
        #expect(try !wt("help").text.contains("empty-trash"))
    }

    @Test func pruningAsksOrIsTold() throws {
        try workspace.repository.git("worktree", "add", "--quiet", "-b", "done", "../done")
        try workspace.repository.git("worktree", "add", "--quiet", "-b", "gone", "../gone")
        try workspace.repository.git("worktree", "add", "--quiet", "-b", "fresh", "../fresh")
        try workspace.repository.git(
            "commit", "--quiet", "--allow-empty", "-m", "on", in: directory.path.appending("done"))
        try workspace.repository.git("merge", "--quiet", "done")
        try removeTree(directory.path.appending("gone"))
        let before = try TreeSnapshot(directory.path)
        let refused = try wt("prune", "--merged")
        #expect(refused.status == 1)
        #expect(refused.errorText.contains("hint: --yes does it without asking"))
        let preview = try wt("prune", "--merged", "--dry-run")
        #expect(preview.text.split(separator: "\n").count == 2)
        #expect(preview.errorText.contains("fresh: nothing shows that something was committed on its branch"))
        #expect(try TreeSnapshot(directory.path).differences(from: before) == [])
        // Without --merged there is nothing to ask.
        let pruned = try wt("prune", "--json")
        #expect(try worktrees(pruned).map { $0["path"] as? String } == ["\(directory.path)/gone"])
        let merged = try wt("prune", "--merged", "--yes", "--wait", "--json")
        #expect(try worktrees(merged).map { $0["branch"] as? String } == ["done"])
        #expect(try worktrees(merged, "kept").map { $0["path"] as? String } == ["\(directory.path)/fresh"])
        #expect(FileStatus.ifPresent(trash) == nil)
        #expect(
            try workspace.repository.git("for-each-ref", "--format=%(refname:short)", "refs/heads").contains("gone"))
        #expect(try wt("prune", "--merged").errorText.contains("nothing to prune"))
    }
}
