import CargoCache
import FileTree
import Seeding
import SystemPackage
import TestSupport
import Testing

/// A build in the recipient and a seeding of it do not overlap.
@Suite struct RecipientLockTests {
    let directory: TemporaryDirectory
    let workspace: SmallWorkspace

    init() throws {
        directory = try TemporaryDirectory()
        workspace = try SmallWorkspace.make(in: directory)
    }

    /// One that begins between the plan and the seeding has the lock: nothing is put under its hands.
    @Test(arguments: TestSupport.Layout.allCases, [".cargo-lock", ".cargo-build-lock"])
    func whereCargoIsAtWorkNothingIsPut(
        _ layout: TestSupport.Layout, _ name: String
    ) throws {
        try workspace.build(layout)
        var lock: FileLock?
        let seeded = try SeededWorktree(
            from: workspace,
            meanwhile: { plan in
                #expect(plan.taken.count > 5)
                let profile = plan.recipient.buildDirectory.appending("debug")
                try makeDirectories(profile)
                lock = FileLock(profile.appending(FilePath.Component(name)!))
            })
        try #require(lock != nil)
        #expect(seeded.report.taken.isEmpty)
        #expect(seeded.report.cold.count == seeded.plan.taken.count + seeded.plan.cold.count)
        let hasReason = seeded.report.cold.contains { if case .failed = $0.reason { true } else { false } }
        #expect(hasReason)
        let there = try TreeSnapshot(seeded.path.appending("target/debug")).entries.keys.filter { !$0.isEmpty }
        #expect(there.allSatisfy { [".cargo-lock", ".cargo-build-lock"].contains($0) }, "\(there)")
        lock = nil
        // It is in nobody's way afterwards.
        try workspace.build(layout, in: seeded.path)
    }
}
