import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// `wt rm` is stopped at calls all over its run, and something is done to the worktree in that moment: nothing of it is
/// lost, whether it comes too late for the removal or stops it.
@Suite struct RemovalRaceTests {
    let directory: TemporaryDirectory
    let repository: TestRepository
    var path: FilePath { directory.appending("repository.topic") }

    /// What somebody does in the middle of the removal.
    enum Deed: CaseIterable {
        case edit, newFile, newDirectory, commit, stash, branch, lock
        case secondRemoval, gitRemoval, move, replacement, inner

        /// The text that must not be lost.
        static let text = "not to be lost\n"
    }

    init() throws {
        directory = try TemporaryDirectory()
        repository = try TestRepository(in: directory)
        for name in ["a.txt", "src/b.txt", "src/deep/c.txt"] { try repository.write(name, "\(name)\n") }
        try repository.write(".gitignore", "/target\n")
        try repository.commit()
    }

    private var paused: Paused {
        Paused(
            words: [productsDirectory.appending("wt").string, "rm", "topic"], directory: repository.path,
            environment: repository.environment, logs: directory.path, place: repository.path)
    }

    private func make() throws {
        let outcome = try wt("new", "--no-seed", "topic")
        guard outcome.status == 0 else { throw TestFailure(outcome.errorText) }
        try repository.write("target/debug/artifact", "made by a build\n", in: path)
    }

    private func wt(_ arguments: String...) throws -> ChildProcess.Outcome {
        try runWT(arguments, in: repository.path, environment: repository.environment)
    }

    private func attempt(_ arguments: String..., in place: FilePath? = nil) throws -> Bool {
        try repository.attempt(arguments, in: place).status == 0
    }

    /// Does it, as far as the worktree is still there; whether it was done.
    private func happens(_ deed: Deed) throws -> Bool {
        let isThere = FileStatus.ifPresent(path) != nil
        func write(_ name: String) throws -> Bool {
            if isThere { try repository.write(name, Deed.text, in: path) }
            return isThere
        }
        switch deed {
        case .edit: return try write("src/b.txt")
        case .newFile: return try write("src/new.txt")
        case .newDirectory: return try write("new/deep/file.txt")
        case .commit:
            guard try write("src/b.txt") else { return false }
            return try attempt("commit", "--all", "--quiet", "--message", "work", in: path)
        case .stash:
            guard try write("src/b.txt") else { return false }
            return try attempt("stash", in: path)
        case .branch: return try attempt("commit-tree", "-m", "work", "HEAD^{tree}") && moveBranch()
        case .lock: return try attempt("worktree", "lock", path.string)
        case .secondRemoval: return try wt("rm", "topic").status == 0
        case .gitRemoval: return try attempt("worktree", "remove", path.string)
        case .move: return try attempt("worktree", "move", path.string, directory.appending("moved").string)
        case .replacement:
            guard try attempt("worktree", "remove", "--force", path.string),
                try attempt("worktree", "add", "--quiet", path.string, "topic")
            else { return false }
            try repository.write("src/b.txt", Deed.text, in: path)
            return true
        case .inner:
            // git ignores it there.
            let place = path.pushing("target/inner")
            guard isThere, try attempt("worktree", "add", "--quiet", "-b", "inner", place.string) else { return false }
            try repository.write("new.txt", Deed.text, in: place)
            return true
        }
    }

    /// A commit that only `topic` has, made without a worktree.
    private func moveBranch() throws -> Bool {
        let commit = try repository.git("commit-tree", "-p", "main", "-m", "work", "main^{tree}")
        return try attempt("update-ref", "refs/heads/topic", commit, repository.git("rev-parse", "main"))
    }

    /// Where the text is, if that is where git and people look.
    private func isKept(_ deed: Deed) throws -> Bool {
        func holds(_ name: String) -> Bool { (try? readFile(path.pushing(FilePath(name)))) == Array(Deed.text.utf8) }
        switch deed {
        case .edit, .replacement: return holds("src/b.txt")
        case .newFile: return holds("src/new.txt")
        case .inner: return holds("target/inner/new.txt")
        case .newDirectory: return holds("new/deep/file.txt")
        case .commit: return try repository.git("show", "topic:src/b.txt") + "\n" == Deed.text
        case .stash: return try repository.git("show", "stash@{0}:src/b.txt") + "\n" == Deed.text
        case .branch: return try repository.git("log", "--format=%s", "-1", "topic") == "work"
        // Too late for it to find a clean worktree, too early to leave it alone: then all stays where it was.
        case .gitRemoval: return FileStatus.ifPresent(path) == nil || (try? readFile(path.pushing("src/b.txt"))) != nil
        // A worktree that moves before it is looked up is found by its branch where it is now.
        case .lock, .secondRemoval, .move: return true
        }
    }

    private func takeAway() throws {
        // Those first that are in others.
        for place in try Invariants.worktrees(of: repository).dropFirst().sorted(by: { $0.length > $1.length }) {
            try repository.git("worktree", "remove", "--force", "--force", place.string)
        }
        try repository.git("stash", "clear")
        for name in ["topic", "inner"] { _ = try attempt("branch", "-D", name) }
        if FileStatus.ifPresent(path) != nil { try removeTree(path) }
    }

    @Test(arguments: Deed.allCases) func nothingThatComesInBetweenIsLost(_ deed: Deed) throws {
        try make()
        let calls = try paused.calls()
        try #require(calls.count > 100, "\(calls.count)")
        try repository.settle()
        var done = 0
        var removed = 0
        // Each deed at other points than the one before.
        let offset = Deed.allCases.firstIndex(of: deed)!
        for index in stride(from: offset, to: calls.count, by: 4 * Deed.allCases.count) {
            let call = calls[index]
            try make()
            var invariants = try Invariants(of: repository, untouched: [repository.path])
            invariants.mayLose = ["topic"]
            var wasDone = false
            let (status, words, wasStopped) = try paused.run(stoppedAt: call) { wasDone = try happens(deed) }
            #expect(wasStopped, "\(call)")
            // 2: the worktree is gone, and its branch, which has changed, is kept.
            #expect(
                status == 0 || status == 1 && words.hasPrefix("wt: ")
                    || status == 2 && words.hasPrefix("removed \(path)"),
                "\(call.line): \(status), \(words)")
            if wasDone {
                #expect(try isKept(deed), "\(deed) at \(call), \(call.line): \(words)")
                done += 1
            }
            if deed == .gitRemoval, FileStatus.ifPresent(path) != nil {
                #expect(words.contains("its registration was removed meanwhile; its files are kept"), "\(words)")
            }
            if deed == .lock, status != 0 { try repository.git("worktree", "unlock", path.string) }
            if status == 0 { removed += 1 }
            // The place is taken: what the removal had in its hands stays where it says.
            if let held = words.firstMatch(of: /its files are at (.*)\/tree\n/) {
                #expect(deed == .replacement)
                let directory = FilePath(String(held.1))
                #expect(FileStatus.ifPresent(directory.pushing("tree/src/deep/c.txt")) != nil, "\(words)")
                _ = try wt("list")
                #expect(FileStatus.ifPresent(directory) != nil)
                try removeTree(directory)
            }
            try repository.settle()
            let violations = try invariants.violations().filter {
                !$0.hasPrefix("refs/heads/topic: was")
                    && !(deed == .gitRemoval && $0 == "\(path)/.git belongs to no registration")
            }
            #expect(violations == [], "\(deed) at \(call), \(call.line): \(words)")
            try takeAway()
        }
        // What stands in its place is never removed.
        #expect(done > 0 && (removed > 0 || deed == .replacement), "\(done) done, \(removed) removed")
    }
}
