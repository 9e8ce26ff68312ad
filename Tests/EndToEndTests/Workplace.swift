import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// A worktree that somebody works in, and what one does there all day. Each job proves that it did something.
struct Workplace {
    let path: FilePath
    let layout: Layout
    let profile: String
    let environment: [String: String]
    let names: Names

    /// What the jobs are about.
    struct Names {
        /// A member whose library is edited, its source, and a member above it.
        let member: String
        let source: FilePath
        let dependent: String
        /// A crate of the registry that something depends on.
        let crate: String
        /// A setting of the environment, and the package whose build script runs again for it.
        let settings: [String: String]
        let scripts: Set<String>
        /// A program, to see who linked it.
        let program: String

        static let audit = Names(
            member: "base", source: "crates/base/src/lib.rs", dependent: "tool", crate: "regex",
            settings: ["AUDIT_VALUE": "set", "GIT_GENERATED": "set", "CFLAGS": "-DNOTHING"],
            scripts: ["values", "git-generated", "blake3"], program: "tool")
        static let small = Names(
            member: "shapes", source: "crates/shapes/src/lib.rs", dependent: "app", crate: "tiny-plain",
            settings: ["TINY_GENERATED": "set"], scripts: ["tiny-generated"], program: "app")
    }

    init(_ workspace: AuditWorkspace, at path: FilePath) {
        self.path = path
        layout = workspace.layout
        profile = workspace.profile
        environment = workspace.environment
        names = .audit
    }

    init(_ workspace: SmallWorkspace, _ layout: Layout, at path: FilePath) {
        self.path = path
        self.layout = layout
        profile = "dev"
        environment = workspace.environment
        names = .small
    }

    var target: FilePath { path.appending("target") }
    var output: FilePath { target.appending(profile == "dev" ? "debug" : profile) }

    @discardableResult
    func cargo(
        _ subcommand: String, _ arguments: [String], settings: [String: String] = [:]
    ) throws -> CargoLog {
        try CargoRun(
            subcommand, ["--profile", profile] + arguments, in: path, layout: layout,
            environment: environment.merging(settings) { $1 }
        ).log
    }

    @discardableResult
    func buildAll(settings: [String: String] = [:]) throws -> CargoLog {
        try cargo("build", ["--workspace", "--all-targets"], settings: settings)
    }

    // MARK: Jobs

    func build() throws { #expect(try buildAll().finished) }

    func editAndBuild() throws {
        let file = path.appending(names.source.components)
        let text = String(decoding: try readFile(file), as: UTF8.self)
        try "\(text)\npub fn edited_\(text.utf8.count)() {}\n".write(
            toFile: file.string, atomically: false, encoding: .utf8)
        #expect(try buildAll().compiledNames.isSuperset(of: [names.member, names.dependent]))
    }

    func check() throws { #expect(try cargo("check", ["-p", names.member, "--all-targets"]).finished) }

    func clippy() throws {
        let version = try ChildProcess("cargo", layout.toolchain + ["clippy", "--version"], environment: environment)
            .run()
        guard version.status == 0 else { throw TestFailure("clippy is not installed: \(version.errorText)") }
        #expect(try cargo("clippy", ["-p", names.member, "--all-targets"]).finished)
    }

    func cleanPackagesAndBuild() throws {
        for package in [names.member, names.crate] { try cargo("clean", ["-p", package]) }
        #expect(try buildAll().compiledNames.isSuperset(of: [names.member, names.crate]))
    }

    func rerunBuildScripts() throws {
        let log = try buildAll(settings: names.settings)
        #expect(Set(log.buildScripts).isSuperset(of: names.scripts), "\(log.buildScripts)")
    }

    func test() throws {
        try cargo("test", ["--workspace"])
    }

    /// Everything once more under the names that it has, by another linker. mold rewrites a program in place where it
    /// finds one.
    func forgetFingerprintsAndBuild(with linker: Linker) throws {
        try forgetFingerprints()
        // A linker that is set this way is in no hash, unlike one in RUSTFLAGS: all names stay what they are.
        let log = try buildAll(settings: [
            "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER": try linker.script(
                beside: path, environment: environment
            ).string
        ])
        #expect(log.fresh.isEmpty && log.compiledNames.contains(names.crate))
        let program = output.appending(names.program)
        #expect(try linker.hasLinked(readFile(program), environment: environment), "\(program)")
    }

    func forgetFingerprints() throws {
        var forgotten = 0
        for (name, entry) in try TreeSnapshot(target).entries where entry.kind == .directory {
            guard name.hasSuffix("/.fingerprint") || name.hasSuffix("/fingerprint") else { continue }
            try removeTree(target.pushing(FilePath(name)))
            forgotten += 1
        }
        #expect(forgotten > 0)
    }

    func document() throws {
        try cargo("doc", ["--no-deps", "-p", names.member])
        #expect(FileStatus.ifPresent(target.appending("doc").appending(names.member)) != nil)
    }

    func clean() throws {
        let run = try CargoRun("clean", in: path, layout: layout, environment: environment)
        #expect(run.status == 0 && FileStatus.ifPresent(output) == nil)
    }
}

extension Layout {
    /// `+nightly` where this layout needs it.
    var toolchain: [String] { cargoOptions.filter { $0.hasPrefix("+") } }
}
