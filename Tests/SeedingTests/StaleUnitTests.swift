import CargoCache
import FileTree
import Seeding
import SystemPackage
import TestSupport
import Testing

/// Units that no build can reach any more, removed: everything else stays fresh.
@Suite struct StaleUnitTests {
    private func workspace(_ workspace: SmallWorkspace) -> CargoWorkspace {
        CargoWorkspace(worktree: workspace.path, directory: "", buildDirectory: workspace.path.appending("target"))
    }

    private func remove(_ units: [StaleUnit], _ workspace: CargoWorkspace) throws {
        for unit in units { try workspace.remove(unit) }
    }

    @Test(arguments: TestSupport.Layout.allCases)
    func whatIsLeftOfSeveralGenerationsIsFresh(layout: TestSupport.Layout) throws {
        let directory = try TemporaryDirectory()
        let small = try SmallWorkspace.built(layout, in: directory)
        let cargo = workspace(small)
        #expect(cargo.staleUnits(compiler: nil).isEmpty)
        let lean = BuildTree(reading: cargo.buildDirectory).units.filter { !$0.hasPlainNames }.count
        let flags = ["RUSTFLAGS": "--cfg last"]
        try small.build(layout, ["--all-targets"], settings: flags)
        let grown = try diskUsage(of: [cargo.buildDirectory]).total

        let stale = cargo.staleUnits(compiler: nil)
        #expect(stale.count == lean)
        try remove(stale, cargo)
        #expect(cargo.staleUnits(compiler: nil).isEmpty)
        #expect(try diskUsage(of: [cargo.buildDirectory]).total < grown * 3 / 4)
        let run = try small.build(layout, ["--all-targets"], settings: flags)
        #expect(run.log.compiledNothing, "\(run.errors)")
        // What is gone is made again as if it had never been.
        let back = try small.build(layout, ["--all-targets"])
        #expect(back.log.rustc.count > 10)
        #expect(try small.build(layout, ["--all-targets"]).log.compiledNothing)
    }

    @Test(arguments: TestSupport.Layout.allCases)
    func aVersionThatIsNotLockedGoes(layout: TestSupport.Layout) throws {
        let directory = try TemporaryDirectory()
        let small = try SmallWorkspace.built(layout, in: directory)
        let cargo = workspace(small)
        try small.dropFirstVersion()
        try small.build(layout, ["--all-targets"])
        let stale = cargo.staleUnits(compiler: nil)
        let old = stale.first { $0.package == "tiny-versioned" }
        #expect(old?.version == "1.0.0" && old?.reason == .notLocked(version: "1.0.0"), "\(stale.map(\.name))")
        #expect(stale.contains { $0.name == "app lib-app" })
        try remove(stale, cargo)
        let run = try small.build(layout, ["--all-targets"])
        #expect(run.log.compiledNothing, "\(run.errors)")
        #expect(try small.report()["versions"] == "version 2, version 2")
    }

    /// Killed at any point: a unit without its hash file is made again, and with it all that is gone already is.
    @Test(arguments: TestSupport.Layout.allCases)
    func aRemovalThatStopsLeavesACorrectCache(layout: TestSupport.Layout) throws {
        let directory = try TemporaryDirectory()
        let small = try SmallWorkspace.built(layout, in: directory)
        let cargo = workspace(small)
        try small.build(layout, ["--all-targets"], settings: ["RUSTFLAGS": "--cfg last"])
        for unit in cargo.staleUnits(compiler: nil) {
            try removeTree(cargo.buildDirectory.appending(unit.hashFile.components))
            if let path = unit.paths.first(where: {
                FileStatus.ifPresent(cargo.buildDirectory.appending($0.components)) != nil
            }) {
                try removeTree(cargo.buildDirectory.appending(path.components))
            }
        }
        #expect(try small.build(layout, ["--all-targets"], settings: ["RUSTFLAGS": "--cfg last"]).log.compiledNothing)
        try small.build(layout, ["--all-targets"])
        #expect(try small.build(layout, ["--all-targets"]).log.compiledNothing)
        #expect(try small.report()["generated"] == "schema one, part a, part b")
    }
}
