import SystemPackage
import TestSupport
import Testing

@testable import Worktrees

/// Whom `wt new` takes from. Empty directories stand for units: their names are what is counted.
@Suite struct DonorChoiceTests {
    private let sandbox: Sandbox

    /// Two packages on `main`; `feature`, in a worktree of its own, differs in one of them.
    init() throws {
        sandbox = try Sandbox()
        try sandbox.sh(
            """
            mkdir a b
            echo '[package]' | tee a/Cargo.toml > b/Cargo.toml
            echo '[workspace]' > Cargo.toml
            echo one | tee a/lib.rs > b/lib.rs
            echo /target > .gitignore
            git add .
            git commit -qm packages
            git worktree add -q -b feature ../feature
            cd ../feature
            echo two > a/lib.rs
            git commit -qam feature
            """)
    }

    private func units(_ names: String, in worktree: String) throws {
        try sandbox.sh(
            "cd \(worktree) && mkdir -p target/debug/.fingerprint && cd target/debug/.fingerprint && mkdir \(names)")
    }

    private func donors(_ name: String, from startPoint: String, _ named: [String] = []) throws -> [String] {
        var options = NewOptions(name)
        options.startPoint = startPoint
        options.donors = named
        return try sandbox.plan(options).donors?.all.map { $0.worktree.head.branch ?? "" } ?? []
    }

    private let three = "x-0000000000000001 y-0000000000000002 z-0000000000000003"

    @Test func theOneWithTheSameSources() throws {
        try units(three, in: ".")
        try units(three, in: "../feature")
        #expect(try donors("new", from: "feature") == ["feature"])
        #expect(try donors("new", from: "main") == ["main"])
    }

    /// A worktree in which next to nothing was built has little to give, whatever its commit.
    @Test func theOneWithMoreToGive() throws {
        try units(three, in: ".")
        try units("x-0000000000000001", in: "../feature")
        #expect(try donors("new", from: "feature") == ["main"])
    }

    /// Others only follow for what is missing.
    @Test func moreDonorsForWhatIsMissing() throws {
        try units(three, in: ".")
        try units("x-0000000000000001 w-0000000000000004", in: "../feature")
        #expect(try donors("new", from: "main") == ["main", "feature"])
        try units("w-0000000000000004", in: ".")
        #expect(try donors("new", from: "main") == ["main"])
    }

    /// In another profile the same unit is another one.
    @Test func otherProfilesAreMissing() throws {
        try units(three, in: ".")
        try sandbox.sh("mkdir -p ../feature/target/release/.fingerprint/x-0000000000000001")
        #expect(try donors("new", from: "main") == ["main", "feature"])
    }

    @Test func onlyThoseThatWereAskedFor() throws {
        try units(three, in: ".")
        try units(three + " w-0000000000000004", in: "../feature")
        #expect(try donors("new", from: "main", ["feature"]) == ["feature"])
        #expect(try donors("new", from: "main", ["feature", "main"]) == ["main", "feature"])
    }
}
