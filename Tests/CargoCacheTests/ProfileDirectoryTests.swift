import CargoCache
import SystemPackage
import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct ProfileDirectoryTests {
    @Test(arguments: TestSupport.Layout.allCases)
    func aTriplesDirectoryIsPartOfTheBuildDirectoryAndAnotherToolsIsNot(layout: TestSupport.Layout) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.make(in: directory)
        let triple = "x86_64-unknown-linux-gnu"
        for options in [["--target", triple], ["--target", triple, "--release"], ["--target-dir", "target/other"]] {
            _ = try CargoRun(
                "build", ["-p", "generated"] + options, in: workspace.path, layout: layout,
                environment: workspace.environment)
        }
        let target = workspace.path.appending("target")
        // The build script itself is compiled for the host.
        let profiles = Set(BuildTree(reading: target).units.map(\.profile.string))
        #expect(profiles == ["debug", "release", "\(triple)/debug", "\(triple)/release"])

        #expect(!BuildDirectory.isBusy(target))
        let lock = try FileDescriptor.open(
            target.pushing(FilePath("\(triple)/debug/.cargo-lock")), .readWrite, options: .closeOnExec)
        defer { try? lock.close() }
        #expect(flock(lock.rawValue, LOCK_EX) == 0)
        #expect(BuildDirectory.isBusy(target))
    }
}
