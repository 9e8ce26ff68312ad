import FileTree
import SystemPackage
import TestSupport
import Testing

/// What is done in one worktree never shows in another: each job is done in one while every file of the other is
/// watched, for content, inode, size, mode and mtime.
@Suite(.serialized) struct IsolationTests {
    private typealias Job = (name: String, run: (Workplace) throws -> Void)

    private let quick: [Job] = [
        ("build", { try $0.build() }),
        ("edit and build", { try $0.editAndBuild() }),
        ("check", { try $0.check() }),
        ("clippy", { try $0.clippy() }),
        ("clean -p and build", { try $0.cleanPackagesAndBuild() }),
        ("rerun build scripts", { try $0.rerunBuildScripts() }),
        ("doc", { try $0.document() }),
    ]
    private let rest: [Job] = [
        ("test", { try $0.test() }),
        ("forget fingerprints and build with mold", { try $0.forgetFingerprintsAndBuild(with: .mold) }),
        ("clean", { try $0.clean() }),
    ]
    /// What takes too long with real crates. `clean` comes last, as in `rest`.
    private let more: [Job] = [
        ("strip", { try $0.strip() }),
        ("objcopy", { try $0.objcopy() }),
        ("chmod", { try $0.changePermissions() }),
        ("touch", { try $0.touch() }),
        ("forget fingerprints and build with lld", { try $0.forgetFingerprintsAndBuild(with: .lld) }),
        ("forget fingerprints and build with bfd", { try $0.forgetFingerprintsAndBuild(with: .bfd) }),
        ("forget fingerprints and build with sccache", { try $0.forgetFingerprintsAndBuildWithCompilerCache() }),
        ("features", { try $0.buildWithFeature() }),
        ("RUSTFLAGS", { try $0.buildWithFlags() }),
        ("profiles", { try $0.buildOtherProfiles() }),
    ]

    /// `watched` must be another worktree that shares files with the workplace.
    private func doing(_ jobs: [Job], in workplace: Workplace, leavesAlone watched: FilePath, shared: Int) throws {
        let before = try TreeSnapshot(watched, excluding: [".git"])
        let inodes = Set(before.entries.values.lazy.filter { $0.kind == .file }.map(\.inode))
        let common = try TreeSnapshot(workplace.path, excluding: [".git"]).entries.values.filter {
            $0.kind == .file && inodes.contains($0.inode)
        }
        try #require(common.count >= shared, "only \(common.count) files are shared: nothing would be proven")
        for job in jobs {
            try job.run(workplace)
            let changes = try TreeSnapshot(watched, excluding: [".git"]).differences(from: before)
            #expect(changes == [], "\(job.name) in \(workplace.path)")
        }
    }

    @Test(arguments: Layout.allCases) func worktreesOfRealCratesLeaveEachOtherAlone(layout: Layout) throws {
        try AuditWorkspace.use(layout) { workspace throws in
            let before = try TreeSnapshot(workspace.path, excluding: [".git"])
            let first = try MadeWorktree("first", from: workspace)
            let second = try MadeWorktree("second", from: workspace)
            #expect(try TreeSnapshot(workspace.path, excluding: [".git"]).differences(from: before) == [])
            // The rest takes minutes here; in the legacy layout the full donor below has to do for it.
            try doing(
                layout == .unit ? quick + rest : quick, in: Workplace(workspace, at: first.path),
                leavesAlone: workspace.path, shared: 250)
            try doing(quick, in: Workplace(workspace, at: workspace.path), leavesAlone: second.path, shared: 250)
        }
    }

    /// Here the donor has been checked, linted, tested and documented too, so that those artifacts are seeded as well.
    /// On btrfs and XFS, private copies share their blocks with the donor's files until somebody writes.
    @Test(arguments: Layout.allCases, [Volume.Kind.temporary, .btrfs, .xfs])
    func worktreesOfAFullDonorLeaveEachOtherAlone(layout: Layout, kind: Volume.Kind) throws {
        let volume = try Volume(kind)
        let workspace = try SmallWorkspace.make(in: volume.directory)
        let donor = Workplace(workspace, layout, at: workspace.path)
        // Without an edit, which would leave the program cold.
        for job in quick + rest.prefix(1) where job.name != "edit and build" { try job.run(donor) }
        let before = try TreeSnapshot(workspace.path, excluding: [".git"])
        let first = try MadeWorktree("first", from: workspace)
        let second = try MadeWorktree("second", from: workspace)
        #expect(try TreeSnapshot(workspace.path, excluding: [".git"]).differences(from: before) == [])
        if kind != .temporary { #expect(first.answer.seed.bytesCloned > 0 && second.answer.seed.bytesCloned > 0) }
        let there = Workplace(workspace, layout, at: first.path)
        try doing(quick + more + rest, in: there, leavesAlone: workspace.path, shared: 20)
        try doing(quick + more + rest, in: donor, leavesAlone: second.path, shared: 20)
        withExtendedLifetime(volume) {}
    }
}
