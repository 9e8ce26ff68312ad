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

    @Test func whatOneTestSpoilsTheNextFindsRestored() throws {
        let source = try AuditWorkspace.use(.legacy) { workspace throws in
            let source = workspace.path.appending("crates/base/src/lib.rs")
            try "spoiled".write(toFile: source.string, atomically: true, encoding: .utf8)
            try removeTree(workspace.path.appending("target/debug/deps"))
            try workspace.git("worktree", "add", "--quiet", "-b", "other", "../other")
            return source
        }
        try AuditWorkspace.use(.legacy) { workspace throws in
            #expect(try readFile(source) != Array("spoiled".utf8))
            #expect(FileStatus.ifPresent(workspace.path.appending("../other")) == nil)
            #expect(try workspace.git("worktree", "list", "--porcelain").contains("other") == false)
            #expect(try workspace.build().log.compiledNothing)
        }
    }
}
