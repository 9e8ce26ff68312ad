import CargoCache
import FileTree
import Seeding
import SystemPackage
import TestSupport
import Testing

/// What is taken from a donor that has collected units for a long time, and from several donors.
@Suite struct DonorTests {
    private func names(_ units: [SeedPlan.TakenUnit]) -> Set<String> {
        Set(units.map { "\($0.unit.profile) \($0.unit.name)" })
    }

    /// Another set of flags for each build: cargo keeps everything that it has ever made.
    @Test(arguments: TestSupport.Layout.allCases)
    func aDonorThatHasGrownGivesOnlyWhatIsAlive(layout: TestSupport.Layout) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.built(layout, in: directory)
        let lean = try SeededWorktree(from: workspace, branch: "lean", name: "lean").plan
        #expect(lean.left.isEmpty, "\(lean.left)")
        for round in 1...3 {
            try workspace.build(layout, ["--all-targets"], settings: ["RUSTFLAGS": "--cfg round\(round)"])
        }
        try workspace.build(layout, ["--all-targets"], settings: ["RUSTFLAGS": "--cfg last"])

        let seeded = try SeededWorktree(from: workspace)
        #expect(names(seeded.plan.taken) == names(lean.taken))
        #expect(seeded.plan.taken.count == lean.taken.count)
        #expect(seeded.plan.cold.count == lean.cold.count, "\(seeded.plan.cold)")
        // Four generations stand behind the last, except for outputs whose names have no hash.
        #expect(seeded.plan.left.count > 3 * (lean.taken.count + lean.cold.count))
        let bytes = seeded.plan.left.reduce(0) { $0 + $1.bytes }
        #expect(bytes > 3 * (seeded.plan.sharedBytes + seeded.plan.privateBytes))
        #expect(seeded.report.left.count == seeded.plan.left.count)
        let run = try workspace.build(
            layout, ["--all-targets"], in: seeded.path, settings: ["RUSTFLAGS": "--cfg last"])
        #expect(run.log.rustc.count == seeded.report.cold.count, "\(run.errors)")
    }

    /// A dependency that the lock file does not have any more, and what was built upon it.
    @Test(arguments: TestSupport.Layout.allCases)
    func aVersionThatIsNotLockedStaysBehind(layout: TestSupport.Layout) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.built(layout, in: directory)
        try workspace.dropFirstVersion()
        try workspace.build(layout, ["--all-targets"])
        let seeded = try SeededWorktree(from: workspace)
        let old = seeded.plan.left.first {
            $0.name == "tiny-versioned lib-tiny_versioned" || $0.name == "tiny-versioned lib-tiny-versioned"
        }
        #expect(old?.reason == .notLocked(version: "1.0.0"), "\(seeded.plan.left)")
        #expect(old?.version == "1.0.0")
        let taken = seeded.plan.taken.filter { $0.unit.package == "tiny-versioned" }
        #expect(taken.map(\.version) == ["2.0.0"])
        // The old program names the old version.
        #expect(seeded.plan.left.contains { $0.name == "app lib-app" && $0.reason.isUnreachable })
        let run = try workspace.build(layout, ["--all-targets"], in: seeded.path)
        #expect(run.log.rustc.count == seeded.report.cold.count, "\(run.errors)")
        #expect(try workspace.report(of: seeded.path)["versions"] == "version 2, version 2")
    }

    /// What the primary donor has not got of registry packages comes from another one; members never do.
    @Test(arguments: TestSupport.Layout.allCases)
    func registryPackagesComeFromAllDonors(layout: TestSupport.Layout) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.built(layout, in: directory)
        try workspace.repository.branch("second")
        let second = try workspace.repository.addWorktree("second", branch: "second")
        try workspace.build(layout, ["--release"], in: second)
        let before = try TreeSnapshot(second, excluding: [".git"])
        let seeded = try SeededWorktree(from: workspace) { request in
            request.others = [
                CargoWorkspace(worktree: second, directory: "", buildDirectory: second.appending("target"))
            ]
            request.worktreeRoots.append(second)
        }
        let release = seeded.plan.taken.filter { $0.unit.profile == "release" }
        #expect(release.count >= 6 && release.allSatisfy { $0.donor.worktree == second })
        #expect(release.allSatisfy { $0.unit.package.hasPrefix("tiny-") && $0.unit.package != "tiny-above-patched" })
        #expect(seeded.plan.taken.contains { $0.unit.profile == "debug" && $0.unit.name == "shapes lib-shapes" })

        let run = try workspace.build(layout, ["--release"], in: seeded.path)
        // A member is called `tiny-named`, too.
        let expected = Set(release.map(\.unit.package)).subtracting(["tiny-named"])
        #expect(expected.isDisjoint(with: run.log.compiledNames), "\(run.log.compiledNames)")
        #expect(run.log.compiledNames.contains("shapes"))
        #expect(
            try workspace.report(of: seeded.path, profile: "release")
                == workspace.report(of: second, profile: "release").mapValues {
                    $0.replacing(second.string, with: seeded.path.string)
                })
        #expect(try TreeSnapshot(second, excluding: [".git"]).differences(from: before) == [])
    }

    /// A unit of another donor is only taken when what it was compiled against is here, byte by byte.
    @Test func aUnitFitsOnlyUponItsOwnDependencies() throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.built(.legacy, in: directory)
        try workspace.repository.branch("second")
        let second = try workspace.repository.addWorktree("second", branch: "second")
        try workspace.build(.legacy, in: second)
        // `tiny-plain` depends on `tiny-named`; it is gone from the primary donor.
        _ = try CargoRun("clean", ["-p", "tiny-plain"], in: workspace.path, environment: workspace.environment)
        let other = CargoWorkspace(worktree: second, directory: "", buildDirectory: second.appending("target"))
        func isTaken(_ name: String) throws -> Bool {
            try SeededWorktree(from: workspace, branch: name, name: name) { request in
                request.others = [other]
                request.worktreeRoots.append(second)
            }.plan.taken.contains { $0.unit.package == "tiny-plain" }
        }
        #expect(try isTaken("fitting"))
        var damaged = 0
        for name in try TreeSnapshot(workspace.path.pushing("target/debug/deps")).entries.keys
        where name.hasPrefix("libtiny_named-") && name.hasSuffix(".rmeta") {
            let file = workspace.path.pushing("target/debug/deps").pushing(FilePath(name))
            var bytes = try readFile(file)
            bytes[bytes.count - 1] ^= 1
            try overwrite(file, bytes)
            damaged += 1
        }
        #expect(damaged > 0)
        #expect(try !isTaken("unfitting"))
    }

    /// In place and with its old mtime, as damage would be.
    private func overwrite(_ file: FilePath, _ bytes: [UInt8]) throws {
        let time = try FileStatus(file).mtime
        let descriptor = try FileDescriptor.open(file, .writeOnly)
        defer { try? descriptor.close() }
        _ = try descriptor.writeAll(bytes)
        try setModificationTime(of: file, to: time)
    }
}

extension SmallWorkspace {
    /// Makes the program do without `tiny-versioned` 1.0.0, and commits that.
    func dropFirstVersion() throws {
        for (name, old, new) in [
            ("crates/app/Cargo.toml", "versioned-one = { package = \"tiny-versioned\", version = \"1\" }\n", ""),
            ("crates/app/src/lib.rs", "versioned_one::value()", "versioned_two::value()"),
        ] {
            let text = String(decoding: try readFile(path.pushing(FilePath(name))), as: UTF8.self)
            try repository.write(name, text.replacing(old, with: new))
        }
        // Offline and not locked: cargo takes out of the lock file what is not needed any more.
        _ = try CargoRun("metadata", ["--format-version", "1"], in: path, environment: environment)
        try repository.commit("one version only")
    }
}
