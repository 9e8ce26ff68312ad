import FileTree
import Foundation
import TestSupport
import Testing

@Suite struct SmallWorkspaceTests {
    @Test(arguments: Layout.allCases) func theProgramShowsItsBranchAndItsPlace(layout: Layout) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.make(in: directory)
        #expect(try workspace.repository.git("status", "--porcelain") == "")
        try workspace.build(layout)
        let here = try workspace.report()
        #expect(here["shapes"] == "shapes of main")
        #expect(here["baked"] == workspace.path.appending("crates/baked").string)
        #expect(here["named"] == "named of the workspace")
        #expect(here["patched"] == "above patched")
        #expect(here["versions"] == "version 1, version 2")
        #expect(here["generated"] == "schema one, part a, part b")

        let other = try workspace.repository.addWorktree("other", branch: "other-lib")
        let cold = try workspace.build(layout, in: other)
        #expect(cold.log.compiling.count == 18)
        let there = try workspace.report(of: other)
        #expect(there["shapes"] == "shapes of other-lib")
        #expect(there["baked"] == other.appending("crates/baked").string)
        let same = here.filter { $0.key != "shapes" && $0.key != "baked" }
        #expect(same == there.filter { $0.key != "shapes" && $0.key != "baked" })
        #expect(try workspace.repository.git("diff", "--stat", "main", "other-lib").contains("1 file changed"))
    }
}

@Suite struct TestRepositoryTests {
    @Test func aFailureOfGitsFailsTheTestWithItsWords() throws {
        let directory = try TemporaryDirectory()
        let repository = try TestRepository(in: directory)
        #expect {
            try repository.git("rev-parse", "--verify", "no-such-branch")
        } throws: {
            "\($0)".contains("fatal: Needed a single revision")
        }
    }

    @Test func commitsAreTheSameEverywhere() throws {
        let ids = try (0..<2).map { _ in
            let directory = try TemporaryDirectory()
            let repository = try TestRepository(in: directory)
            try repository.write("deep/file", "text")
            return try repository.commit("a message")
        }
        #expect(ids[0] == ids[1])
    }

    @Test func aTemporaryDirectoryGoesWithItsLastReference() throws {
        var directory: TemporaryDirectory? = try TemporaryDirectory()
        let path = try #require(directory?.path)
        try makeDirectories(path.appending("closed"))
        #expect(chmod(path.appending("closed").string, 0) == 0)
        #expect(FileStatus.ifPresent(path) != nil)
        directory = nil
        #expect(FileStatus.ifPresent(path) == nil)
    }
}

@Suite struct RunWTTests {
    @Test func theBuiltProgramRuns() throws {
        let directory = try TemporaryDirectory()
        let repository = try TestRepository(in: directory)
        let outcome = try runWT(["--version"], in: repository.path, environment: repository.environment)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(!outcome.text.isEmpty)
    }
}
