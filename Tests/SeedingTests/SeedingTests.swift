import CargoCache
import FileTree
import Seeding
import SystemPackage
import TestSupport
import Testing

/// The units of the small workspace whose compiled code names the worktree, or could: everything else must be taken.
private let pathDependent: Set = [
    "baked lib-baked", "baked test-lib-baked", "app test-integration-test-integration", "app lib-app",
    "app test-lib-app",
    "app bin-app",
]

@Suite struct SeedingTests {
    @Test(arguments: TestSupport.Layout.allCases)
    func theNextBuildCompilesOnlyWhatDependsOnThePath(layout: TestSupport.Layout) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.built(layout, in: directory)
        let before = try TreeSnapshot(workspace.path, excluding: [".git"])
        let seeded = try SeededWorktree(from: workspace)

        #expect(seeded.reason("baked lib-baked")?.description.contains("path is compiled in") == true)
        #expect(seeded.coldByThemselves.isSubset(of: pathDependent), "\(seeded.report.cold)")
        #expect(seeded.report.linkedUnits > 10)
        #expect(seeded.report.sharedBytes > 0)

        let run = try workspace.build(layout, ["--all-targets"], in: seeded.path)
        #expect(run.log.compiledNames == ["baked", "app"], "\(run.errors)")
        #expect(run.log.buildScripts.isEmpty)
        // Not one unit more than were named.
        #expect(run.log.rustc.count == seeded.report.cold.count, "\(run.log.rustc)")
        #expect(try workspace.report(of: seeded.path)["baked"] == seeded.path.appending("crates/baked").string)
        #expect(try workspace.report(of: seeded.path)["patched"] == workspace.report()["patched"])
        #expect(try TreeSnapshot(workspace.path, excluding: [".git"]).differences(from: before) == [])
        #expect(try workspace.build(layout, ["--all-targets"], in: seeded.path).log.compiledNothing)
        #expect(try workspace.build(layout, ["--all-targets"]).log.compiledNothing)
    }

    @Test(arguments: TestSupport.Layout.allCases)
    func aChangedLibraryIsCompiledWithWhatIsAboveIt(layout: TestSupport.Layout) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.built(layout, in: directory)
        let seeded = try SeededWorktree(from: workspace, branch: "other-lib")
        #expect(seeded.reason("shapes lib-shapes") == .sourceDiffers(path: "crates/shapes/src/lib.rs"))
        let run = try workspace.build(layout, in: seeded.path)
        #expect(run.log.compiledNames == ["shapes", "app", "baked"], "\(run.errors)")
        #expect(try workspace.report(of: seeded.path)["shapes"] == "shapes of other-lib")
        #expect(try workspace.report()["shapes"] == "shapes of main")
    }

    @Test(arguments: TestSupport.Layout.allCases)
    func onlyTheKindsOfTheRuleShareAnInode(layout: TestSupport.Layout) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.built(layout, in: directory)
        let seeded = try SeededWorktree(from: workspace)
        let theirs = try TreeSnapshot(workspace.path.appending("target"))
        let ours = try TreeSnapshot(seeded.path.appending("target"))
        let inodes = Set(theirs.entries.values.map(\.inode))
        let shared = ours.entries.filter { $0.value.kind == .file && inodes.contains($0.value.inode) }
        #expect(shared.count == seeded.report.linkedFiles)
        let immutable = ["tiny-", "tiny_", "libtiny"]
        for (path, _) in shared {
            let name = String(path.split(separator: "/").last!)
            let isLibrary = [".rlib", ".rmeta", ".so"].contains { name.hasSuffix($0) }
            let isScript = layout == .legacy && name.hasPrefix("build_script_")
            #expect(isLibrary || isScript, "\(path)")
            if name.hasSuffix(".rmeta") || isScript {
                #expect(immutable.contains { path.contains($0) }, "\(path)")
            }
        }
    }

    @Test func nothingIsTakenTwiceAndNothingOverwritten() throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.built(.legacy, in: directory)
        let seeded = try SeededWorktree(from: workspace)
        // As every cargo makes it. One that is made for the seeding, and removed, would change the directory's time.
        try workspace.repository.write("target/debug/.cargo-lock", "", in: seeded.path)
        let before = try TreeSnapshot(seeded.path)
        let again = Seeder(seeded.plan).run()
        #expect(again.linkedUnits + again.copiedUnits == 0)
        #expect(again.cold.count == seeded.plan.taken.count + seeded.plan.cold.count)
        #expect(try TreeSnapshot(seeded.path).differences(from: before) == [])
    }

    /// Wherever it ends, no unit is there without those below it: cargo would not rebuild it with them.
    @Test(arguments: TestSupport.Layout.allCases)
    func aUnitIsTakenAfterThoseItDependsOn(layout: TestSupport.Layout) throws {
        let directory = try TemporaryDirectory()
        let seeded = try SeededWorktree(from: try SmallWorkspace.built(layout, in: directory))
        let target = seeded.path.appending("target")
        for count in 1..<seeded.plan.taken.count {
            try removeTree(target)
            var done = 0
            let report = Seeder(seeded.plan).run(progress: { done = $0 }, isCancelled: { done >= count })
            // What others are at when somebody has enough comes to its end.
            let taken = report.linkedUnits + report.copiedUnits
            #expect(taken >= count && taken < count + availableProcessors())
            #expect(taken + report.cold.count == seeded.plan.taken.count + seeded.plan.cold.count)
            let units = BuildTree(reading: target).units
            #expect(units.count == taken)
            let above = UnitGraph(units).superseded.map { units[$0].name }
            #expect(above == [], "after \(count) units")
        }
    }

    @Test(arguments: TestSupport.Layout.allCases)
    func whatIsAboveAUnitThatMovedIsNotTaken(layout: TestSupport.Layout) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.built(layout, in: directory)
        let seeded = try SeededWorktree(
            from: workspace,
            meanwhile: { plan in
                let moved = try #require(plan.taken.first { $0.unit.package == "tiny-plain" }).unit
                let hashFile = workspace.path.appending("target").appending(moved.hashFile.components)
                try setModificationTime(of: hashFile, to: FileTime(seconds: 1_000_000_000, nanoseconds: 1))
            })
        #expect(seeded.reason("tiny-plain lib-tiny_plain") == .movedMeanwhile)
        #expect(seeded.reason("shapes lib-shapes") == .dependency(unit: "tiny-plain lib-tiny_plain"))
        let run = try workspace.build(layout, ["--all-targets"], in: seeded.path)
        #expect(run.log.rustc.count + run.log.buildScripts.count == seeded.report.cold.count, "\(run.errors)")
    }

    @Test func aDonorThatWasNeverBuiltGivesNothing() throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.make(in: directory)
        let seeded = try SeededWorktree(from: workspace)
        #expect(seeded.plan.taken.isEmpty && seeded.plan.cold.isEmpty)
        #expect(FileStatus.ifPresent(seeded.path.appending("target")) == nil)
    }

    @Test func whatExceedsTheLimitStaysColdTheLargestFirst() throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.built(.legacy, in: directory)
        let all = try SeededWorktree(from: workspace).plan
        let limit = all.privateBytes / 2
        let seeded = try SeededWorktree(from: workspace, branch: "second", name: "second") { $0.copyLimit = limit }
        #expect(seeded.plan.privateBytes <= limit)
        let limited = seeded.report.cold.filter { $0.reason == .copyLimit }
        #expect(limited.contains { $0.name == "app bin-app-two" || $0.name == "shapes test-lib-shapes" })
        // What is left is smaller than what was given up, and nothing was given up that something is built upon.
        let smallest = try #require(limited.map(\.bytes).min())
        let executables = seeded.plan.taken.filter { $0.unit.kind == .executable }
        #expect(executables.allSatisfy { $0.privateBytes <= smallest })
        #expect(!limited.contains { $0.name.contains(" lib-") })
        let run = try workspace.build(.legacy, ["--all-targets"], in: seeded.path)
        #expect(run.log.rustc.count <= seeded.report.cold.count)
        // Where links are impossible, everything counts; where copies share their blocks, nothing does.
        func taken(links: Bool, clones: Bool) -> Int {
            var request = seeded.request
            request.sharing = .init(links: links, clones: clones)
            return SeedPlan(request).taken.count
        }
        #expect(taken(links: false, clones: false) < seeded.plan.taken.count)
        #expect(taken(links: true, clones: true) == all.taken.count)
    }

    /// What was compiled in a worktree that has been moved since names a place that no worktree has any more.
    @Test(arguments: TestSupport.Layout.allCases)
    func theOldPlaceOfAMovedDonorIsFoundToo(layout: TestSupport.Layout) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.make(in: directory)
        try workspace.repository.branch("elsewhere")
        let built = try workspace.repository.addWorktree("built-here", branch: "elsewhere")
        try backdate(built, excluding: [".git"])
        try workspace.build(layout, ["--all-targets"], in: built)
        let moved = directory.path.appending("moved")
        try workspace.repository.git("worktree", "move", built.string, moved.string)
        let seeded = try SeededWorktree(from: workspace) { request in
            request.donor = CargoWorkspace(
                worktree: moved, directory: "", buildDirectory: moved.appending("target"))
            request.worktreeRoots = [workspace.path, moved]
        }
        #expect(seeded.plan.taken.count > 10)
        #expect(seeded.reason("baked lib-baked")?.description.contains("path is compiled in") == true)
        try workspace.build(layout, ["--all-targets"], in: seeded.path)
        #expect(try workspace.report(of: seeded.path)["baked"] == seeded.path.appending("crates/baked").string)
    }
}
