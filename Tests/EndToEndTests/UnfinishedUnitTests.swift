import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// What a build or a seeding has begun and not finished stands in the way of nobody.
@Suite struct UnfinishedUnitTests {
    let directory: TemporaryDirectory
    let workspace: SmallWorkspace

    init() throws {
        directory = try TemporaryDirectory()
        workspace = try SmallWorkspace.make(in: directory)
    }

    /// Every hash file of a built worktree is gone, or cut off, as a `kill -9` leaves it; the artifacts, which have other
    /// bytes than the donor's, are there.
    @Test(arguments: Layout.allCases, [false, true]) func aWorktreeOfThemIsSeededWhole(
        layout: Layout, isCutOff: Bool
    ) throws {
        try workspace.build(layout, ["--all-targets"])
        let whole = try PresentWorktree(workspace, layout)
        let expected = try whole.seed()
        let before = try TreeSnapshot(workspace.path, excluding: [".git"])

        let target = whole.path.appending("target")
        var cut = 0
        for (name, entry) in try TreeSnapshot(target).entries where entry.kind == .file {
            let path = target.pushing(FilePath(name))
            let parts = path.components.map(\.string)
            guard parts.contains(".fingerprint") || parts.dropLast().last == "fingerprint" else {
                // Not through the link that the donor has, too.
                if name.hasSuffix(".rlib") || name.hasSuffix(".rmeta") {
                    try removeTree(path)
                    try Data("unfinished".utf8).write(to: URL(fileURLWithPath: path.string))
                }
                continue
            }
            guard !parts.last!.contains("."), !parts.last!.hasPrefix("dep-"), !parts.last!.hasPrefix("output-") else {
                continue
            }
            cut += 1
            try removeTree(path)
            if isCutOff { try Data("12".utf8).write(to: URL(fileURLWithPath: path.string)) }
        }
        #expect(cut > 20)

        let answer = try whole.seed()
        #expect(answer.seed.unitsLinked == expected.seed.unitsLinked, "\(answer.coldReasons)")
        #expect(answer.seed.unitsCopied == expected.seed.unitsCopied, "\(answer.coldReasons)")
        let log = try whole.build()
        #expect(log.compiled == expected.expectedWork, "\(log.reasons)\n\(answer.coldReasons)")
        #expect(try whole.report() == whole.reportOfColdBuild())
        #expect(try TreeSnapshot(workspace.path, excluding: [".git"]).differences(from: before) == [])
    }
}
