import ChildProcess
import FileTree
import SystemPackage
import TestSupport

/// A tmpfs mounted for one test; unmounted at its end.
final class TinyFileSystem {
    let path: FilePath

    /// `options` as mount(8) takes them, for example `size=64k`.
    init(at path: FilePath, _ options: String) throws {
        try makeDirectories(path)
        try Self.run(["-t", "tmpfs", "-o", options, "none", path.string])
        self.path = path
    }

    /// `source` is seen at `path` too.
    init(binding source: FilePath, at path: FilePath) throws {
        try makeDirectories(path)
        try Self.run(["--bind", source.string, path.string])
        self.path = path
    }

    func remount(_ options: String) throws { try Self.run(["-o", "remount,\(options)", path.string]) }

    deinit { _ = try? ChildProcess("umount", ["-l", path.string], environment: Self.environment).run() }

    private static let environment = ["PATH": "/usr/bin:/usr/sbin:/bin:/sbin"]

    private static func run(_ arguments: [String]) throws {
        let outcome = try ChildProcess("mount", arguments, environment: environment).run()
        guard outcome.status == 0 else { throw TestFailure("mount: \(outcome.errorText)") }
    }

    /// Whether this process may mount, found out by mounting.
    static let isPossible: Bool = {
        guard let directory = try? TemporaryDirectory(),
            let mounted = try? TinyFileSystem(at: directory.appending("m"), "size=64k")
        else { return false }
        withExtendedLifetime(mounted) {}
        return true
    }()
}
