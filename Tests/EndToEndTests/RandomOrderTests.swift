import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Worktrees made, worked in and removed in random order, several at once. The seed stands in every message; `WT_SEED`
/// replays it.
@Suite struct RandomOrderTests {
    /// A worktree, and what is in it that must not be lost.
    private struct Live {
        let branch: String
        let path: FilePath
        var isDirty = false
        var hasCommit = false
    }

    /// What is done to a worktree, beside what is done to others in the same moment.
    private enum Deed: CaseIterable {
        case build, edit, commit, remove, removeByForce, delete, clean, dedupe, seed
    }

    private struct Job {
        let program: Background
        let words: [String]
        let expected: [Int32]
    }

    let directory: TemporaryDirectory
    let workspace: SmallWorkspace
    private var random: SplitMix
    private let seed: UInt64
    private var live: [Live] = []
    /// Branches that have a commit of their own.
    private var worked: Set<String> = []
    private var made = 0

    init() throws {
        directory = try TemporaryDirectory()
        workspace = try SmallWorkspace.programAndLibrary(in: directory)
        seed = ProcessInfo.processInfo.environment["WT_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 1...(.max))
        random = SplitMix(state: seed)
        try workspace.build()
    }

    private func start(_ words: [String], in place: FilePath? = nil, _ expected: [Int32] = [0]) throws -> Job {
        let log = directory.appending("log-\(UInt32.random(in: 0...(.max)))")
        return Job(
            program: try Background(words, in: place ?? workspace.path, environment: workspace.environment, log: log),
            words: words, expected: expected)
    }

    private func wt(_ arguments: String...) -> [String] { [productsDirectory.appending("wt").string] + arguments }

    private mutating func new(from there: [Live]) throws -> Job {
        made += 1
        let branch = "w\(made)"
        let startPoint = there.randomElement(using: &random)?.branch ?? "main"
        let hasCommit = worked.contains(startPoint)
        live.append(
            Live(branch: branch, path: directory.appending("repository.\(branch)"), hasCommit: hasCommit))
        if hasCommit { worked.insert(branch) }
        return try start(wt("new", branch, startPoint))
    }

    /// Starts it; the model has what comes of it already.
    private mutating func start(_ deed: Deed, at index: Int) throws -> Job {
        let worktree = live[index]
        switch deed {
        case .build: return try start(["cargo", "build", "--offline"], in: worktree.path)
        case .edit:
            live[index].isDirty = true
            return try start(
                ["sh", "-c", "echo \"pub fn more_$1() {}\" >>library/src/lib.rs", "sh", "\(random.next())"],
                in: worktree.path)
        case .commit:
            (live[index].isDirty, live[index].hasCommit) = (false, true)
            worked.insert(worktree.branch)
            return try start(
                ["git", "commit", "--all", "--quiet", "--allow-empty", "--message", "work"], in: worktree.path)
        case .remove:
            guard !worktree.isDirty else { return try start(wt("rm", worktree.branch), [1]) }
            live.remove(at: index)
            return try start(wt("rm", worktree.branch))
        case .removeByForce:
            live.remove(at: index)
            return try start(wt("rm", "-f", worktree.branch))
        case .delete:
            live.remove(at: index)
            return try start(["sh", "-c", "rm -rf \"$1\" && \"$2\" prune", "sh", worktree.path.string] + wt())
        case .clean: return try start(wt("clean", "--yes", worktree.branch))
        // Others are deleted under it, or build.
        case .dedupe: return try start(wt("dedupe"), [0, 1, 2])
        case .seed: return try start(wt("seed"), in: worktree.path, [0, 2])
        }
    }

    private func note(_ step: Int) -> Comment { "WT_SEED=\(seed), step \(step)" }

    private func check(_ invariants: Invariants, _ step: Int) throws {
        try workspace.repository.settle()
        let violations = try invariants.violations()
        #expect(violations == [], note(step))
        let paths = Set(try Invariants.worktrees(of: workspace.repository).dropFirst())
        #expect(paths == Set(live.map(\.path)), note(step))
        let branches = Set(
            try workspace.repository.git("for-each-ref", "--format=%(refname:short)", "refs/heads").split(
                separator: "\n"
            )
            .map(String.init))
        #expect(branches.isSuperset(of: worked), note(step))
        for worktree in live where worktree.isDirty {
            let status = try workspace.repository.git("status", "--porcelain", in: worktree.path)
            #expect(status.contains("library/src/lib.rs"), "\(worktree.path), \(note(step))")
        }
    }

    @Test mutating func twoHundredInRandomOrder() throws {
        var invariants = try Invariants(of: workspace.repository, untouched: [workspace.path])
        invariants.mayRelink = true
        var step = 0
        while made < 200 {
            step += 1
            var jobs: [Job] = []
            let isMaking = live.count < 4 || live.count < 24 && random.next() % 2 == 0
            let there = live
            if isMaking { for _ in 0...(random.next() % 3) { jobs.append(try new(from: there)) } }
            if !isMaking {
                // Each worktree meets one of them at a time; the last first, since some of them leave the list.
                let chosen = live.indices.shuffled(using: &random).prefix(Int(random.next() % 3) + 1).sorted(by: >)
                for index in chosen { jobs.append(try start(Deed.allCases.randomElement(using: &random)!, at: index)) }
            }
            for job in jobs {
                let status = job.program.wait()
                #expect(job.expected.contains(status), "\(job.words): \(job.program.words) \(note(step))")
            }
            if step.isMultiple(of: 25) { try check(invariants, step) }
        }
        while let last = live.popLast() {
            let job = try start(wt("rm", "-f", last.branch))
            #expect(job.program.wait() == 0, "\(job.program.words) \(note(step))")
        }
        try check(invariants, step)
        #expect(try workspace.build().log.compiledNothing, note(step))
    }
}
