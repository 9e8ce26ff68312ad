import CargoCache
import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// The forecast against cargo's own words: `cargo build --workspace --all-targets -v` then compiles and runs exactly
/// what was foretold, and after it everything is foretold to be fresh.
@Suite struct FreshnessTests {
    private let member = "crates/shapes/src/lib.rs"

    @Test(arguments: TestSupport.Layout.allCases) func sourcesOfMembers(layout: TestSupport.Layout) throws {
        let place = try Place(layout)
        try place.expect("nothing has changed", reasons: [:])
        try place.touch(member)
        try place.expect(
            "a source was touched",
            reasons: [
                "shapes lib-shapes": .fileNewer(path: member), "shapes test-lib-shapes": .fileNewer(path: member),
            ])
        try place.append("\npub fn more() {}\n", to: "notice.txt")
        try place.expect(
            "a file from outside the package was edited",
            reasons: [
                "outside lib-outside": .fileNewer(path: "notice.txt"),
                "outside test-lib-outside": .fileNewer(path: "notice.txt"),
            ])
        try place.remove("crates/app/examples/show.rs")
        try place.write("crates/app/examples/show/main.rs", "fn main() {}")
        try place.expect(
            "a source has moved to another place",
            reasons: ["app example-show": .fileMissing(path: "crates/app/examples/show.rs")])
        try place.touch("crates/app/src")
        try place.expect("a directory was touched that nobody watches", reasons: [:])
    }

    @Test(arguments: TestSupport.Layout.allCases) func whatBuildScriptsWatch(layout: TestSupport.Layout) throws {
        let place = try Place(layout)
        let run = "generated run-build-script-build-script-build"
        try place.touch("crates/generated/schema.txt")
        try place.expect("a file", reasons: [run: .fileNewer(path: "crates/generated/schema.txt")])
        try place.remove("crates/generated/parts/b.txt")
        try place.expect("a directory's listing", reasons: [run: .fileNewer(path: "crates/generated/parts")])
        try place.touch("crates/generated/parts/a.txt")
        try place.expect("a file in a directory", reasons: [run: .fileNewer(path: "crates/generated/parts")])

        let always = "generated-always run-build-script-build-script-build"
        try place.write("crates/generated-always/new.txt", "")
        try place.expect(
            "a new file in a package whose script names none",
            reasons: [always: .fileNewer(path: "crates/generated-always/new.txt")])
        try place.remove("crates/generated-always/new.txt")
        try place.expect(
            "the newest file of such a package is gone",
            reasons: [always: .fileMissing(path: "crates/generated-always/new.txt")])

        let registry = "tiny-generated run-build-script-build-script-build"
        try place.expect(
            "a variable", environment: ["TINY_GENERATED": "set"],
            reasons: [registry: .variableChanged(name: "TINY_GENERATED")])
        try place.expect("no variable", reasons: [registry: .variableChanged(name: "TINY_GENERATED")])
    }

    /// A variable that rustc has read, and one that cargo's configuration sets.
    @Test(arguments: TestSupport.Layout.allCases) func variablesOfTheCompiler(layout: TestSupport.Layout) throws {
        let place = try Place(layout) { repository in
            let text = #"option_env!("SETTING_A"); pub const B: Option<&str> = option_env!("SETTING_B")"#
            try repository.write(
                "crates/shapes/src/lib.rs",
                String(decoding: try readFile(repository.path.appending(FilePath(member).components)), as: UTF8.self)
                    + "\npub const A: Option<&str> = \(text);\n")
            try repository.write(".cargo/config.toml", "[env]\nSETTING_B = \"set\"\n")
        }
        try place.expect("nothing has changed", reasons: [:])
        let reasons: [String: StaleReason] = [
            "shapes lib-shapes": .variableChanged(name: "SETTING_A"),
            "shapes test-lib-shapes": .variableChanged(name: "SETTING_A"),
        ]
        try place.expect("it is set", environment: ["SETTING_A": "1"], reasons: reasons)
        try place.expect("it is set no more", reasons: reasons)
        try place.write(".cargo/config.toml", "[env]\nSETTING_B = \"other\"\n")
        let forecast = place.forecast()
        #expect(forecast.own["shapes lib-shapes"] == .variableUncertain(name: "SETTING_B"))
        #expect(forecast.own["app bin-app"] == nil && forecast.reason("app bin-app")?.isCertain == false)
    }

    @Test(arguments: TestSupport.Layout.allCases) func filesOfTheBuildDirectory(layout: TestSupport.Layout) throws {
        let place = try Place(layout)
        let rlib = try place.artifact(of: "shapes lib-shapes", "rlib")
        try place.remove("target/\(rlib)")
        try place.expect("a member's rlib", reasons: ["shapes lib-shapes": .outputMissing(path: rlib.string)])
        let registry = try place.artifact(of: "tiny-plain lib-tiny_plain", "rmeta")
        try place.remove("target/\(registry)")
        try place.expect(
            "a registry crate's metadata", reasons: ["tiny-plain lib-tiny_plain": .outputMissing(path: registry.string)]
        )
        let program = try place.artifact(of: "app bin-app", nil)
        try place.remove("target/\(program)")
        try place.expect("a program", reasons: ["app bin-app": .outputMissing(path: program.string)])
        let script = try place.unit("tiny-generated run-build-script-build-script-build")
        let output = try #require(script.artifacts.first { $0.kind == .buildScriptOutput }).path
        try place.remove("target/\(output)")
        #expect(place.forecast().reason(script.name)?.isCertain == true)
        try place.expect("a build script's output", reasons: nil)

        let depInfo = try place.unit("shapes lib-shapes").fingerprintDirectory.appending("dep-lib-shapes")
        try place.remove("target/\(depInfo)")
        try place.expect("a dep-info", reasons: ["shapes lib-shapes": .depInfoMissing])
        try place.touch("target/\(try place.artifact(of: "shapes lib-shapes", "rmeta"))")
        try place.expect("metadata that is newer than what was made with it", reasons: nil)
        try aFingerprintThatIsGone(place)
        try aUnitThatWasNotFinished(place)
    }

    /// With its fingerprint a unit is gone; what was made with it tells that.
    private func aFingerprintThatIsGone(_ place: Place) throws {
        let unit = try place.unit("shapes lib-shapes")
        try removeTree(place.target.appending(unit.fingerprintDirectory.components))
        let forecast = place.forecast()
        #expect(forecast.forecast.missing.map(\.crate) == ["shapes"])
        #expect(forecast.own["app lib-app"] == .dependencyReplaced)
        let log = try place.build()
        #expect((forecast.work + ["shapes lib"]).sorted() == log.compiled, "\(log.reasons)")
        #expect(place.forecast().work == [])
    }

    /// Cargo then finishes the unit alone, and only the next build makes what is above it. Which of the two comes cannot
    /// be told from the files above it, so all of them are foretold at once.
    private func aUnitThatWasNotFinished(_ place: Place) throws {
        let unit = try place.unit("shapes lib-shapes")
        try place.write("target/\(unit.hashFile)", "")
        let forecast = place.forecast()
        #expect(forecast.own["shapes lib-shapes"] == .unfinished)
        let log = try place.build()
        #expect(Set(log.compiled).isSubset(of: forecast.work) && log.compiled.contains("shapes lib"))
    }

    /// What a manifest says is hashed: whether a change in it matters is not known, and so it is not called fresh.
    @Test func aManifestThatIsNewer() throws {
        let place = try Place(.legacy)
        try place.touch("crates/shapes/Cargo.toml")
        let forecast = place.forecast()
        #expect(forecast.own["shapes lib-shapes"] == .manifestNewer(path: "crates/shapes/Cargo.toml"))
        #expect(forecast.reason("app bin-app").map { !$0.isCertain && $0.isInherited } == true)
        #expect(forecast.reason("macros lib-macros") == nil)
    }

    /// A worktree that was copied with everything in it is fresh, but for packages whose absolute path cargo hashes.
    @Test(arguments: TestSupport.Layout.allCases) func aWorktreeThatWasCopied(layout: TestSupport.Layout) throws {
        let place = try Place(layout) { repository in
            try repository.write("vendored/.keep", "")
            try FileManager.default.copyItem(
                atPath: repository.path.removingLastComponent().pushing("registry").string,
                toPath: repository.path.appending("vendor").string)
            try repository.write(
                ".cargo/config.toml",
                "[source.crates-io]\nreplace-with = \"here\"\n[source.here]\ndirectory = \"vendor\"\n")
        }
        let copy = place.path.removingLastComponent().appending("copy")
        let copied = try ChildProcess(
            "cp", ["-a", place.path.string, copy.string], environment: place.workspace.environment
        ).run()
        try #require(copied.status == 0)
        let moved = Place(place, at: copy)
        let forecast = moved.forecast()
        #expect(forecast.own["tiny-plain lib-tiny_plain"] == .sourceMoved)
        #expect(forecast.reason("macros lib-macros") == nil && forecast.reason("included lib-included") == nil)
        let log = try moved.build()
        #expect(forecast.work == log.compiled, "\(forecast.text)\n\(log.reasons)")
    }

    /// The lockfile and the compiler decide which units the next build uses at all.
    @Test func unitsThatTheNextBuildHasNoUseFor() throws {
        let place = try Place(.legacy)
        let compiler = try #require(
            CompilerVersion.current(inWorkspaceAt: place.path, environment: place.workspace.environment))
        // A library, a proc macro, and a program, which does not say.
        for (name, version) in [("shapes lib-shapes", compiler), ("macros lib-macros", compiler), ("app bin-app", nil)]
        {
            #expect(try CompilerVersion.recorded(of: place.unit(name), in: place.target) == version, "\(name)")
        }
        let rlib = place.target.appending(try place.artifact(of: "shapes lib-shapes", "rlib").components)
        #expect(CompilerVersion.recorded(in: rlib) == compiler)
        #expect(place.forecast(compiler: compiler).work == [])
        let other = place.forecast(compiler: "rustc 1.0.0")
        #expect(other.own["tiny-plain lib-tiny_plain"] == .compilerReplaced(version: compiler, now: "rustc 1.0.0"))
        #expect(other.reason("app bin-app") != nil)

        let lock = String(decoding: try readFile(place.path.appending("Cargo.lock")), as: UTF8.self)
        let entry = "name = \"tiny-plain\"\nversion = \"1.0.0\""
        try #require(lock.contains(entry))
        try place.write("Cargo.lock", lock.replacing(entry, with: entry.replacing("1.0.0", with: "1.0.9")))
        let forecast = place.forecast()
        #expect(forecast.own == ["tiny-plain lib-tiny_plain": .versionReplaced(version: "1.0.0")])
        #expect(forecast.version("tiny-plain lib-tiny_plain") == "1.0.0")
        #expect(forecast.version("app bin-app") == "0.1.0")
    }
}
