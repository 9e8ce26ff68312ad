import CargoCache
import FileTree
import Seeding
import SystemPackage
import TestSupport
import Testing

/// What happens to the donor while a worktree is seeded from it: before the plan, or between the plan and its
/// execution. Whatever it is, the programs here report what those of a clean build here do.
@Suite struct DonorChangeTests {
    /// What somebody does in the donor.
    enum Change: String, CaseIterable {
        case clean, switched, switchedAndBuilt, switchedBuiltAndBack
    }

    private func make(_ change: Change, _ workspace: SmallWorkspace, _ layout: TestSupport.Layout) throws {
        func switchTo(_ branch: String) throws { try workspace.repository.git("switch", "--quiet", branch) }
        switch change {
        case .clean:
            _ = try CargoRun("clean", in: workspace.path, layout: layout, environment: workspace.environment)
        case .switched:
            try switchTo("other-lib")
        case .switchedAndBuilt:
            try switchTo("other-lib")
            try workspace.build(layout, ["--all-targets"])
        case .switchedBuiltAndBack:
            try switchTo("other-lib")
            try workspace.build(layout, ["--all-targets"])
            try switchTo("main")
        }
    }

    /// Builds on what was seeded, then once more from nothing, and compares.
    private func isRight(
        _ seeded: SeededWorktree, _ workspace: SmallWorkspace, _ layout: TestSupport.Layout
    ) throws -> CargoLog {
        let log = try workspace.build(layout, in: seeded.path).log
        let report = try workspace.report(of: seeded.path)
        #expect(report["shapes"] == "shapes of main")
        #expect(try workspace.build(layout, in: seeded.path).log.compiledNothing)
        try removeTree(seeded.path.appending("target"))
        #expect(try !workspace.build(layout, in: seeded.path).log.compiledNothing)
        #expect(try workspace.report(of: seeded.path) == report)
        return log
    }

    /// The unit layout keeps each unit in a directory of its own; what of it has to be seen is the same in all cases.
    @Test(arguments: Change.allCases.map { (TestSupport.Layout.legacy, $0) } + [(.unit, .switchedAndBuilt)])
    func betweenPlanAndExecution(layout: TestSupport.Layout, change: Change) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.built(layout, in: directory)
        let seeded = try SeededWorktree(from: workspace, meanwhile: { _ in try make(change, workspace, layout) })
        switch change {
        case .clean:
            #expect(seeded.report.linkedUnits + seeded.report.copiedUnits == 0)
            #expect(seeded.plan.taken.count > 20 && seeded.report.stopped == nil)
            // What has nothing below it says what happened, and the rest that it depends on that.
            #expect(seeded.reason("included lib-included") == .movedMeanwhile)
            #expect(try !TreeSnapshot(seeded.path.appending("target")).entries.values.contains { $0.kind == .file })
        case .switched:
            #expect(seeded.reason("shapes lib-shapes") == nil)
        case .switchedAndBuilt, .switchedBuiltAndBack:
            #expect(seeded.reason("shapes lib-shapes") == .movedMeanwhile)
            #expect(seeded.report.linkedUnits > 5)
        }
        let log = try isRight(seeded, workspace, layout)
        #expect(log.compiledNames.contains("shapes") == (change != .switched))
    }

    /// The sources have been compared by then.
    @Test(arguments: [Change.switched, .switchedAndBuilt]) func beforeThePlan(change: Change) throws {
        let directory = try TemporaryDirectory()
        let layout = change == .switched ? TestSupport.Layout.unit : .legacy
        let workspace = try SmallWorkspace.built(layout, in: directory)
        let seeded = try SeededWorktree(from: workspace, change: { _ in try make(change, workspace, layout) })
        let expected: ColdReason? = change == .switched ? nil : .builtMeanwhile
        #expect(seeded.reason("shapes lib-shapes") == expected)
        _ = try isRight(seeded, workspace, layout)
    }
}
