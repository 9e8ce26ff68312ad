import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite(.serialized) struct AuditWorkspaceTests {
    @Test(arguments: Layout.allCases) func itHasItsUnitsAndIsWarm(layout: Layout) throws {
        try AuditWorkspace.use(layout) { workspace throws in
            #expect(workspace.coldBuild.compiling.count == 154)
            #expect(workspace.coldBuild.rustc.count + workspace.coldBuild.buildScripts.count == 272)
            #expect(try workspace.git("status", "--porcelain") == "")
            let before = try TreeSnapshot(workspace.path)
            let run = try workspace.build()
            #expect(run.log.compiledNothing, "\(run.errors)")
            #expect(run.log.fresh.count == 154)
            // A build that has nothing to do leaves the artifacts and the sources alone.
            let changed = try TreeSnapshot(workspace.path).differences(from: before)
            #expect(!changed.contains { $0.contains(".rlib") || $0.contains(".rs:") }, "\(changed)")
        }
    }

    /// Once with changes that are put back file by file, once with some that need everything to be copied.
    @Test(arguments: [false, true]) func whatOneTestSpoilsTheNextFindsRestored(thoroughly: Bool) throws {
        let found = try AuditWorkspace.use(.legacy) { workspace throws in
            let found = try contents(of: workspace.path)
            try "spoiled".write(
                toFile: workspace.path.appending("crates/base/src/lib.rs").string, atomically: thoroughly,
                encoding: .utf8)
            if thoroughly { try removeTree(workspace.path.appending("target/debug/deps")) }
            try workspace.git("worktree", "add", "--quiet", "-b", "other", "../other")
            return found
        }
        try AuditWorkspace.use(.legacy) { workspace throws in
            #expect(try contents(of: workspace.path) == found)
            #expect(FileStatus.ifPresent(workspace.path.removingLastComponent().appending("other")) == nil)
            #expect(try !workspace.git("worktree", "list", "--porcelain").contains("other"))
            #expect(try workspace.git("status", "--porcelain") == "")
            #expect(try workspace.build().log.compiledNothing)
        }
    }

    private func contents(of worktree: FilePath) throws -> [String: TreeSnapshot.Entry] {
        try TreeSnapshot(worktree, excluding: [".git"]).entries.filter { $0.key != "" }.mapValues(\.withoutInode)
    }
}
