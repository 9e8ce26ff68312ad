import ChildProcess
import FileTree
import SystemPackage
import TestSupport
import Testing

/// A build that begins in a worktree while it is being seeded waits: with some of the donor's files and some of its own,
/// each unit's hash would be right, and rustc would refuse them all the same.
@Suite struct BuildBesideSeedingTests {
    let directory: TemporaryDirectory
    let workspace: SmallWorkspace
    var path: FilePath { directory.appending("repository.topic") }

    init() throws {
        directory = try TemporaryDirectory()
        workspace = try SmallWorkspace.make(in: directory)
    }

    private func takeAway() throws {
        try workspace.repository.git("worktree", "remove", "--force", path.string)
        try workspace.repository.git("branch", "-D", "topic")
    }

    @Test(arguments: Layout.allCases, [true, false]) func cargoIsLockedOutMeanwhile(
        _ layout: Layout, _ isNew: Bool
    ) throws {
        try workspace.build(layout)
        func make() throws {
            if !isNew { try workspace.repository.git("worktree", "add", "--quiet", "-b", "topic", path.string) }
        }
        let words = isNew ? ["new", "topic"] : ["-C", path.string, "seed"]
        let paused = Paused(
            words: [productsDirectory.appending("wt").string] + words,
            directory: workspace.path, environment: workspace.environment.merging(layout.settings) { $1 },
            logs: directory.path, place: workspace.path)
        try make()
        let links = try paused.calls().filter { $0.name == "linkat" }
        try #require(links.count > 5, "\(links.count)")
        try takeAway()
        let profile = path.pushing("target/debug")
        for call in [links[0], links[links.count / 2], links[links.count - 1]] {
            try make()
            let (status, words, wasStopped) = try paused.run(stoppedAt: call) {
                #expect(isLocked(profile.appending(".cargo-lock")), "\(call.line)")
                // A cargo that finds the other lock as well, as the donor's did.
                let donors = workspace.path.pushing("target/debug/.cargo-build-lock")
                if FileStatus.ifPresent(donors) != nil {
                    #expect(isLocked(profile.appending(".cargo-build-lock")), "\(call.line)")
                }
            }
            #expect(wasStopped && status == 0, "\(status): \(words)")
            #expect(!isLocked(profile.appending(".cargo-lock")))
            try takeAway()
        }
    }
}
