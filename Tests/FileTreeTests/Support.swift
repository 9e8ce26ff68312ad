import ChildProcess
import FileTree
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A directory of its own for one test, removed by rm(1): removal is one of the things tested here.
final class Scratch {
    let path: FilePath

    init() throws {
        var template = Array("/tmp/wt-filetree.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        path = FilePath(platformString: template)
    }

    deinit { _ = try? ChildProcess("rm", ["-rf", path.string], environment: plainEnvironment).run() }

    func callAsFunction(_ name: String) -> FilePath { path.appending(name) }

    /// Runs a shell script there; returns what it prints, less the line feed at the end. A failing one fails the test.
    @discardableResult
    func sh(_ script: String) throws -> String {
        let outcome = try ChildProcess("sh", ["-ec", script], in: path, environment: plainEnvironment).run()
        try #require(outcome.status == 0, "\(script): \(outcome.errorText)")
        return outcome.text.hasSuffix("\n") ? String(outcome.text.dropLast()) : outcome.text
    }
}

let plainEnvironment = ["PATH": "/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin", "LC_ALL": "C"]

/// `body`'s error, when it throws one.
func failure(_ body: () throws(FileError) -> Void) -> FileError? {
    do throws(FileError) {
        try body()
        return nil
    } catch {
        return error
    }
}

/// The descriptors that this process has open; to be compared in a process of its own only, and with some room, because
/// the testing library opens one or two when it likes.
func openDescriptors() -> Int {
    (0..<4096).count { fcntl(Int32($0), F_GETFD) >= 0 }
}

/// `body` many times, and whether that leaves descriptors open. One leaked by every tenth call is found.
func leaksDescriptors(_ body: () throws -> Void) throws -> Bool {
    let before = openDescriptors()
    for _ in 0..<60 { try body() }
    return openDescriptors() > before + 5
}

/// Ends being root, for the rest of an exit test: root may do what others may not.
func dropPrivileges() {
    guard geteuid() == 0 else { return }
    guard setgroups(0, nil) == 0, setgid(65534) == 0, setuid(65534) == 0 else { fatalError("cannot drop privileges") }
}
