import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// A donor that does not hold still: something whole happens to it while `wt new` is stopped, and `wt new` comes whole
/// while something that happens to it is stopped. `BusyDonorTests` has builds.
@Suite struct MovingDonorTests {
    let directory: TemporaryDirectory
    let workspace: SmallWorkspace

    init() throws {
        directory = try TemporaryDirectory()
        workspace = try SmallWorkspace.make(in: directory)
    }

    /// What happens to the donor.
    enum Event: String, CaseIterable {
        /// `git switch` rewrites a source file of a member.
        case cargoClean, cargoCleanPackage, gitSwitch, removedTarget, dedupe
    }

    private var wt: String { productsDirectory.appending("wt").string }

    private func words(_ event: Event, _ layout: Layout) -> [String] {
        switch event {
        case .cargoClean: ["cargo"] + layout.toolchain + ["clean", "--offline"]
        case .cargoCleanPackage:
            ["cargo"] + layout.toolchain + ["clean", "--offline", "-p", "shapes", "-p", "tiny-plain"]
        case .gitSwitch: ["git", "switch", "--quiet", "other-lib"]
        case .removedTarget: ["rm", "-rf", workspace.path.appending("target").string]
        case .dedupe: [wt, "dedupe"]
        }
    }

    private func environment(_ layout: Layout) -> [String: String] {
        workspace.environment.merging(layout.settings) { $1 }
    }

    private func new(_ name: String) -> [String] { [wt, "new", name, "main"] }

    /// The donor as before, built and with a clean status, whatever has happened to it.
    private func restore(_ layout: Layout) throws {
        try workspace.repository.git("switch", "--quiet", "main")
        try workspace.build(layout, ["--all-targets"])
    }

    /// Whether the new worktree and the donor are right: each builds what its own sources say.
    private func check(_ path: FilePath, _ layout: Layout, _ note: String) throws {
        #expect(try workspace.repository.git("status", "--porcelain", in: path) == "", "\(note)")
        for place in [path, workspace.path] {
            try workspace.build(layout, ["--all-targets"], in: place)
            let source = String(decoding: try readFile(place.pushing("crates/shapes/src/lib.rs")), as: UTF8.self)
            let report = try workspace.report(of: place)
            #expect(source.contains(report["shapes"] ?? "nothing"), "\(note), \(place): \(report)")
            #expect(report["generated"] == "schema one, part a, part b", "\(note), \(place): \(report)")
            #expect(report["baked"] == "\(place)/crates/baked", "\(note), \(place): \(report)")
            #expect(try workspace.build(layout, ["--all-targets"], in: place).log.compiledNothing, "\(note), \(place)")
        }
        #expect(try workspace.report(of: path)["shapes"] == "shapes of main", "\(note)")
        let violations = try Invariants(of: workspace.repository).violations()
        #expect(violations == [], "\(note)")
    }

    @Test(arguments: [
        (Event.cargoClean, Layout.legacy), (.cargoCleanPackage, .unit), (.gitSwitch, .legacy), (.gitSwitch, .unit),
        (.removedTarget, .unit), (.dedupe, .legacy),
    ])
    func theDonorChangesUnderASeeding(_ event: Event, _ layout: Layout) throws {
        try restore(layout)
        func paused(_ name: String) -> Paused {
            Paused(
                words: new(name), directory: workspace.path, environment: environment(layout), logs: directory.path,
                place: workspace.path)
        }
        // Names of one length, so that a call comes at the same number.
        let calls = try paused("moment-0").calls()
        let offset = Event.allCases.firstIndex(of: event)! + 1
        for moment in 1...2 {
            let call = calls[calls.count * (moment * 6 - offset) / 12]
            let name = "moment-\(moment)"
            let (status, said, wasStopped) = try paused(name).run(stoppedAt: call) {
                let words = words(event, layout)
                let outcome = try ChildProcess(
                    words[0], Array(words.dropFirst()), in: workspace.path, environment: environment(layout)
                ).run()
                guard outcome.status == 0 else { throw TestFailure("\(words): \(outcome.errorText)") }
            }
            let note = "\(event) at \(call), \(call.line)\n\(said)"
            #expect(wasStopped, "\(note)")
            #expect([0, 2].contains(status), "\(status): \(note)")
            try check(directory.appending("repository.\(name)"), layout, note)
            try restore(layout)
        }
    }

    /// The other way round: what happens to the donor is stopped half done, and goes on when `wt new` has come to its end.
    @Test(arguments: [
        (Event.cargoClean, Layout.unit), (.cargoCleanPackage, .legacy), (.gitSwitch, .legacy),
        (.removedTarget, .legacy),
    ])
    func theDonorIsHalfChanged(_ event: Event, _ layout: Layout) throws {
        try restore(layout)
        let paused = Paused(
            words: words(event, layout), directory: workspace.path, environment: environment(layout),
            logs: directory.path, place: workspace.path)
        let calls = try paused.calls().filter { $0.name.hasPrefix("unlink") || $0.name.hasPrefix("rename") }
        try #require(!calls.isEmpty)
        try restore(layout)
        for moment in 1...2 {
            let call = calls[calls.count * (2 * moment - 1) / 4]
            let name = "moment-\(moment)"
            var outcome: ChildProcess.Outcome?
            let (status, said, wasStopped) = try paused.run(stoppedAt: call) {
                outcome = try runWT(["new", name, "main"], in: workspace.path, environment: environment(layout))
            }
            let note = "\(event) at \(call), \(call.line)\n\(said)\(outcome?.errorText ?? "")"
            #expect(wasStopped && status == 0, "\(note)")
            #expect([0, 2].contains(outcome?.status), "\(note)")
            try check(directory.appending("repository.\(name)"), layout, note)
            try restore(layout)
        }
    }
}
