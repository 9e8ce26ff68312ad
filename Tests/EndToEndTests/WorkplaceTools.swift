import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Jobs with other compiler settings, and with tools that are not cargo's. Each proves that it did something.
extension Workplace {
    // MARK: Other ways to build

    func buildWithFlags() throws {
        let log = try buildAll(settings: ["RUSTFLAGS": "-C debug-assertions=off"])
        #expect(log.compiledNames.isSuperset(of: [names.member, names.crate]))
    }

    func buildWithFeature() throws {
        let log = try cargo("build", ["-p", names.member, "--all-targets", "--features", "extra"])
        #expect(log.compiledNames.contains(names.member))
    }

    /// A release, and the profile that everything stands in with another setting: what has no hash in its name, a
    /// cdylib for example, is then made again under the same name.
    func buildOtherProfiles() throws {
        let release = try CargoRun(
            "build", ["--workspace", "--release"], in: path, layout: layout, environment: environment)
        #expect(release.log.compiledNames.isSuperset(of: [names.member, names.crate]))
        let log = try buildAll(settings: ["CARGO_PROFILE_DEV_OPT_LEVEL": "1"])
        #expect(log.compiledNames.isSuperset(of: [names.member, names.crate]))
    }

    /// Twice, so that the second build gets its artifacts out of sccache's store.
    func forgetFingerprintsAndBuildWithCompilerCache() throws {
        let place = path.removingLastComponent().appending("sccache-\(path.lastComponent!)")
        try makeDirectories(place)
        let settings = [
            "SCCACHE_DIR": place.appending("store").string,
            "SCCACHE_SERVER_UDS": place.appending("socket").string,
            "SCCACHE_IDLE_TIMEOUT": "60", "RUSTC_WRAPPER": "sccache", "CARGO_INCREMENTAL": "0",
        ]
        func sccache(_ option: String) throws -> String {
            let outcome = try ChildProcess(
                "sccache", [option], in: place, environment: environment.merging(settings) { $1 }
            ).run()
            guard outcome.status == 0 else { throw TestFailure("sccache \(option): \(outcome.errorText)") }
            return outcome.text
        }
        _ = try sccache("--start-server")
        defer { _ = try? sccache("--stop-server") }
        for _ in 1...2 {
            try forgetFingerprints()
            let log = try buildAll(settings: settings)
            #expect(log.fresh.isEmpty && log.compiledNames.contains(names.crate))
        }
        let hits = try sccache("--show-stats").firstMatch(of: /Cache hits +([0-9]+)/)
        #expect((hits.flatMap { Int($0.1) } ?? 0) > 5)
    }

    // MARK: Tools on programs

    /// Every program in the build directory and the target directory that is not a build script: those that have been
    /// uplifted are two names of one file.
    private func programs() throws -> [FilePath] {
        try TreeSnapshot(output).entries.filter { name, entry in
            // The root has no name.
            guard let file = FilePath(name).lastComponent else { return false }
            return entry.kind == .file && entry.mode & 0o100 != 0 && file.extension == nil
                && !file.string.hasPrefix("build")
        }.keys.sorted().map { output.pushing(FilePath($0)) }
    }

    /// Does something to each program, after which `changed` must hold for the status before and after.
    private func withPrograms(
        _ words: [String], _ changed: (FileStatus, FileStatus) -> Bool
    ) throws {
        let programs = try programs()
        try #require(programs.count > 5)
        for program in programs {
            let before = try FileStatus(program)
            let outcome = try ChildProcess(words[0], words.dropFirst() + [program.string], environment: environment)
                .run()
            guard outcome.status == 0 else { throw TestFailure("\(words): \(outcome.errorText)") }
            let after = try FileStatus(program)
            // The other name of a file that has been seen to already.
            if before.links > 1, !changed(before, after) { continue }
            #expect(changed(before, after), "\(words) \(program)")
        }
        let program = output.appending(names.program)
        #expect(try ChildProcess(program.string, [], environment: [:]).run().status == 0)
    }

    func strip() throws { try withPrograms(["strip"]) { $0.size > $1.size } }

    func objcopy() throws {
        try withPrograms(["objcopy", "--remove-section", ".comment"]) { $0.size > $1.size }
    }

    func changePermissions() throws { try withPrograms(["chmod", "0700"]) { $0.mode != $1.mode } }

    func touch() throws { try withPrograms(["touch"]) { $0.mtime < $1.mtime } }
}
