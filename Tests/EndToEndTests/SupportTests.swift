import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// The fixtures are worth what they detect: each test here makes the change that the others rely on being seen.
@Suite struct TreeSnapshotTests {
    let directory: TemporaryDirectory
    let file: FilePath

    init() throws {
        directory = try TemporaryDirectory()
        file = directory.appending("a/file")
        try makeDirectories(directory.appending("a"))
        try "0123456789".write(toFile: file.string, atomically: false, encoding: .utf8)
        try FileManager.default.createSymbolicLink(
            atPath: directory.appending("link").string, withDestinationPath: "one")
    }

    @Test func anUntouchedTreeHasNoDifferences() throws {
        let before = try TreeSnapshot(directory.path)
        #expect(Set(before.entries.keys) == ["", "a", "a/file", "link"])
        #expect(try TreeSnapshot(directory.path).differences(from: before).isEmpty)
    }

    @Test func oneByteIsSeenThoughSizeInodeAndTimeStay() throws {
        let before = try TreeSnapshot(directory.path)
        let time = try FileStatus(file).mtime
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file.string))
        try handle.seek(toOffset: 9)
        try handle.write(contentsOf: Data("8".utf8))
        try handle.close()
        try Directory(directory.appending("a")).setTime(of: "file", to: time)
        #expect(try TreeSnapshot(directory.path).differences(from: before) == ["a/file: content"])
    }

    @Test func aNanosecondIsSeen() throws {
        let before = try TreeSnapshot(directory.path)
        let time = try FileStatus(file).mtime
        let other = FileTime(seconds: time.seconds, nanoseconds: time.nanoseconds ^ 1)
        try Directory(directory.appending("a")).setTime(of: "file", to: other)
        let found = try TreeSnapshot(directory.path).differences(from: before)
        #expect(found.count == 1 && found[0].hasPrefix("a/file: mtime "))
    }

    @Test func aModeIsSeen() throws {
        #expect(chmod(file.string, 0o644) == 0)
        let before = try TreeSnapshot(directory.path)
        #expect(chmod(file.string, 0o755) == 0)
        let found = try TreeSnapshot(directory.path).differences(from: before)
        #expect(found == ["a/file: mode 100644 to 100755"])
    }

    @Test func aReplacedFileIsSeenByItsInode() throws {
        let before = try TreeSnapshot(directory.path)
        let copy = directory.appending("a/copy")
        try FileManager.default.copyItem(atPath: file.string, toPath: copy.string)
        #expect(rename(copy.string, file.string) == 0)
        let found = try TreeSnapshot(directory.path).differences(from: before)
        #expect(found.contains { $0.hasPrefix("a/file: inode ") })
    }

    @Test func aSymlinkWithAnotherTextIsSeen() throws {
        let before = try TreeSnapshot(directory.path)
        let link = directory.appending("link").string
        try FileManager.default.removeItem(atPath: link)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "two")
        let found = try TreeSnapshot(directory.path).differences(from: before)
        #expect(found.contains { $0.hasPrefix("link: ") && $0.contains("link one to two") })
    }

    @Test func whatComesAndGoesIsSeenAndExclusionsAreNot() throws {
        let before = try TreeSnapshot(directory.path, excluding: ["target"])
        try makeDirectories(directory.appending("a/new"))
        try makeDirectories(directory.appending("target"))
        #expect(unlink(directory.appending("link").string) == 0)
        let found = try TreeSnapshot(directory.path, excluding: ["target"]).differences(from: before)
        #expect(found.contains("a/new: appeared"))
        #expect(found.contains("link: vanished"))
        #expect(!found.contains { $0.hasPrefix("target") })
    }

    @Test func anotherHardLinkElsewhereIsNoDifference() throws {
        let elsewhere = try TemporaryDirectory()
        let before = try TreeSnapshot(directory.path)
        #expect(link(file.string, elsewhere.appending("file").string) == 0)
        #expect(try TreeSnapshot(directory.path).differences(from: before).isEmpty)
    }

    @Test func aLateByteOfAFileOfManyPiecesIsSeen() throws {
        var bytes = [UInt8](repeating: 0, count: 3 << 20 | 5)
        for position in [0, 1 << 20, 3 << 20 - 1, 3 << 20, 3 << 20 | 4] {
            try Data(bytes).write(to: URL(fileURLWithPath: file.string))
            let before = try TreeSnapshot(directory.path)
            #expect(before.entries["a/file"]?.content == ContentHash(bytes))
            bytes[position] = 1
            try Data(bytes).write(to: URL(fileURLWithPath: file.string))
            let found = try TreeSnapshot(directory.path).differences(from: before)
            #expect(found.contains { $0.hasPrefix("a/file: ") && $0.hasSuffix("content") })
        }
    }

    @Test func theChecksumSeesEveryBitAndTheLength() {
        let original = [UInt8](repeating: 0, count: 33)
        var seen: Set = [ContentHash(original), ContentHash(original + [0]), ContentHash([])]
        for byte in original.indices {
            for bit in 0..<8 {
                var changed = original
                changed[byte] ^= 1 << UInt8(bit)
                seen.insert(ContentHash(changed))
            }
        }
        #expect(seen.count == 3 + 33 * 8)
    }
}

@Suite struct CargoRunTests {
    @Test(arguments: Layout.allCases) func aBuildIsReadFromCargosOwnWords(layout: Layout) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.make(in: directory)
        let cold = try workspace.build(layout)
        #expect(!cold.log.compiledNothing)
        #expect(cold.log.fresh.isEmpty)
        #expect(cold.log.compiling.count == 18, "\(cold.errors)")
        #expect(cold.log.compiledNames.isSuperset(of: ["app", "shapes", "tiny-derive", "capi", "tiny-patched"]))
        #expect(cold.log.buildScripts.sorted() == ["generated", "generated-always", "tiny-generated"])
        // Every package is one unit but those with a build script, whose script is one more, and `app`: a library and
        // two binaries.
        #expect(cold.log.rustc.count == 18 + 3 + 2)
        #expect(cold.log.rustc.filter(\.isBuildScript).count == 3)
        #expect(cold.log.rustc.contains(CargoLog.Rustc(crate: "capi", types: ["cdylib"], isTest: false)))

        let target = workspace.path.appending("target/debug")
        #expect((FileStatus.ifPresent(target.appending(".fingerprint")) != nil) == (layout == .legacy))

        let again = try workspace.build(layout)
        #expect(again.log.compiledNothing, "\(again.errors)")
        #expect(again.log.fresh.count == 18)
        #expect(again.log.fresh.contains { $0.name == "tiny-named" && $0.version == "1.0.0" && $0.source == nil })
        #expect(again.log.fresh.contains { $0.name == "tiny-named" && $0.version == "9.9.9" && $0.source != nil })

        let source = try workspace.repository.write("crates/included/data.txt", "data two\n")
        #expect(FileStatus.ifPresent(source) != nil)
        let edited = try workspace.build(layout)
        #expect(!edited.log.compiledNothing)
        #expect(edited.log.compiledNames == ["included", "app"])
        #expect(edited.log.dirty.contains { $0.package.name == "included" && $0.reason.contains("data.txt") })
        #expect(try workspace.report()["included"] == "data two")
    }

    @Test func testsExamplesAndBenchesAreToldApart() throws {
        let directory = try TemporaryDirectory()
        let run = try SmallWorkspace.make(in: directory).build(.legacy, ["--all-targets"])
        #expect(run.log.rustc.contains(CargoLog.Rustc(crate: "integration", types: [], isTest: true)))
        #expect(run.log.rustc.contains(CargoLog.Rustc(crate: "show", types: ["bin"], isTest: false)))
        #expect(run.log.rustc.contains { $0.crate == "measure" })
    }

    @Test func aFailureOfCargosFailsTheTestWithItsWords() throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.make(in: directory)
        try workspace.repository.write("crates/included/src/lib.rs", "not rust")
        #expect {
            try workspace.build(.legacy, ["-p", "included"])
        } throws: {
            "\($0)".contains("could not compile `included`")
        }
    }

    @Test(arguments: ["", "    Finished in no time\n", "       Fresh a v1.0.0\n"])
    func aLogThatSaysLittleIsNotAWarmBuild(text: String) {
        #expect(!CargoLog(text).compiledNothing)
    }

    @Test func aWarmLogIsOneAndOneLineSpoilsIt() {
        let warm = "       Fresh a v1.0.0\n    Finished `dev` profile [unoptimized] target(s) in 0.01s\n"
        #expect(CargoLog(warm).compiledNothing)
        for line in [
            "   Compiling b v0.1.0 (/w/b)", "    Checking b v0.1.0 (/w/b)",
            "       Dirty b v0.1.0 (/w/b): the file `src/lib.rs` has changed",
            "     Running `/t/bin/rustc --crate-name b --crate-type lib`",
            "     Running `/w/target/debug/build/b-0123456789abcdef/build-script-build`",
            "     Running `/w/target/debug/build/b/0123456789abcdef/out/build_script_build`",
        ] {
            #expect(!CargoLog(line + "\n" + warm).compiledNothing, "\(line)")
        }
    }
}

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
