import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Worktrees on other file systems than the usual one. What is needed is the right to mount; without it they fail.
@Suite struct OtherFileSystemTests {
    /// Files that are no links share their blocks with the donor's where the file system can do that.
    @Test(arguments: Layout.allCases, [Volume.Kind.btrfs, .xfs])
    func copiesShareTheirBlocks(layout: Layout, kind: Volume.Kind) throws {
        let volume = try Volume(kind)
        let workspace = try SmallWorkspace.make(in: volume.directory)
        // Cargo remembers the newest file of a package whose build script says nothing of what it watches, by its name,
        // too. Of several with one mtime it is the first in the directory, and these file systems have no order of names.
        let newest = workspace.path.appending("crates/generated-always/src/lib.rs")
        let time = try FileStatus(newest).mtime
        try setModificationTime(of: newest, to: FileTime(seconds: time.seconds + 1, nanoseconds: 0))
        try workspace.repository.git("update-index", "-q", "--refresh")
        try workspace.build(layout, ["--all-targets"])
        let before = try TreeSnapshot(workspace.path, excluding: [".git"])
        let made = try MadeWorktree("topic", from: workspace)
        #expect(try TreeSnapshot(workspace.path, excluding: [".git"]).differences(from: before) == [])

        let inodes = Set(before.entries.values.map(\.inode))
        let copies = try TreeSnapshot(made.path.appending("target")).entries.filter {
            $0.value.kind == .file && $0.value.size >= 4096 && !inodes.contains($0.value.inode)
        }
        #expect(copies.values.reduce(0) { $0 + $1.size } == made.answer.seed.bytesCloned)
        #expect(made.answer.seed.bytesCloned > 10_000_000)
        // Of what is left, all files together are smaller than one program.
        #expect(made.answer.seed.bytesWritten < 1_000_000)
        for name in copies.keys { try sharesAllBlocks(made.path.appending("target").pushing(FilePath(name))) }

        let log = try workspace.build(layout, ["--all-targets"], in: made.path).log
        #expect(log.compiled == made.expectedWork, "\(log.reasons)")
        let expected = try workspace.report().mapValues { $0.replacing(workspace.path.string, with: made.path.string) }
        #expect(try workspace.report(of: made.path) == expected)
        #expect(try TreeSnapshot(workspace.path, excluding: [".git"]).differences(from: before) == [])
        withExtendedLifetime(volume) {}
    }

    /// The kernel's own word for it (FIEMAP): each extent of the file is marked as shared.
    private func sharesAllBlocks(_ file: FilePath) throws {
        let outcome = try ChildProcess("filefrag", ["-v", file.string], environment: TestEnvironment.plain).run()
        let extents = outcome.text.split(separator: "\n").filter { $0.contains(/^ *[0-9]+:/) }
        #expect(outcome.status == 0 && !extents.isEmpty, "\(file): \(outcome.errorText)")
        #expect(extents.allSatisfy { $0.contains("shared") }, "\(outcome.text)")
    }

    /// A place for a worktree on a tmpfs of this size, below the directory that has the workspace's cargo configuration.
    private func memory(_ size: String, in directory: TemporaryDirectory) throws -> (path: FilePath, mount: Mount) {
        let place = directory.appending("memory")
        try makeDirectories(place)
        return (place.appending("there"), try Mount("tmpfs", at: place, options: "size=\(size)"))
    }

    /// Nothing can be linked or share its blocks: all is copied, and the system is not asked for each file.
    @Test(arguments: Layout.allCases) func aWorktreeOnAnotherFileSystemIsWarmToo(layout: Layout) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.make(in: directory)
        try workspace.build(layout, ["--all-targets"])
        let before = try TreeSnapshot(workspace.path, excluding: [".git"])
        let seeding = try TracedSeeding(workspace)
        let (path, mount) = try memory("2g", in: directory)
        let (outcome, log) = try seeding.run("topic", ["--path", path.string], at: path)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let answer = try JSONDecoder().decode(MadeWorktree.Answer.self, from: Data(outcome.output))
        #expect(answer.seed.bytesShared == 0 && answer.seed.bytesCloned == 0 && answer.seed.unitsLinked == 0)
        #expect(
            answer.seed.unitsCopied == seeding.whole.answer.seed.unitsLinked + seeding.whole.answer.seed.unitsCopied)
        func refused(_ name: String) -> [String] {
            TracedSeeding.calls(log).map(\.line).filter { $0.hasPrefix("\(name)(") && $0.contains(" = -1 ") }
        }
        #expect(refused("linkat").count == 1 && refused("linkat")[0].contains("EXDEV"), "\(refused("linkat"))")
        #expect(refused("ioctl").count == 1 && refused("ioctl")[0].contains("EXDEV"), "\(refused("ioctl"))")
        let built = try seeding.check(path, layout)
        #expect(built.compiled == seeding.whole.expectedWork, "\(built.reasons)")
        #expect(try TreeSnapshot(workspace.path, excluding: [".git"]).differences(from: before) == [])
        withExtendedLifetime(mount) {}
    }

    /// A file system that is full after some units: what was taken is right, and the build can go on when there is room.
    @Test(arguments: Layout.allCases) func aFullFileSystemGetsWhatFits(layout: Layout) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.make(in: directory)
        try workspace.build(layout, ["--all-targets"])
        let seeding = try TracedSeeding(workspace)
        let (path, mount) = try memory("20m", in: directory)
        let (outcome, _) = try seeding.run("topic", ["--path", path.string], at: path)
        #expect(outcome.status == 2, "\(outcome.errorText)")
        let answer = try JSONDecoder().decode(MadeWorktree.Answer.self, from: Data(outcome.output))
        #expect(answer.seed.stopped?.contains("No space left on device") == true)
        #expect(answer.seed.unitsCopied > 0)
        #expect(seeding.halfUnits(of: path, mayBeUnfinished: false) == [])
        try mount.remount("size=2g")
        let built = try seeding.check(path, layout)
        #expect(built.compiled.count > seeding.whole.expectedWork.count)
        withExtendedLifetime(mount) {}
    }
}
