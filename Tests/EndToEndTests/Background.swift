import Foundation
import SystemPackage
import TestSupport

/// A program that runs beside the test, its words in a file.
///
/// Foundation's `Process` reaps its child by itself, after which a signal to its number would reach whoever has that
/// number next. Here nobody reaps but `poll` and `wait`, and no signal is sent after that.
final class Background {
    private let child: pid_t
    private let log: FilePath
    /// What waitpid(2) said, once it has.
    private var ended: Int32?

    /// Starts `words`, of which the first is looked up in PATH. `log` is made. Throws `TestFailure`.
    init(_ words: [String], in directory: FilePath, environment: [String: String], log: FilePath) throws {
        self.log = log
        // `exec`, so that the process is the program and can be killed.
        let script = #"cd "$1" && log=$2 && shift 2 && exec "$@" </dev/null >"$log" 2>&1"#
        let arguments = ["/bin/sh", "-c", script, "sh", directory.string, log.string] + words
        var vector = arguments.map { strdup($0) } + [nil]
        var settings = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (vector + settings).forEach { free($0) } }
        var started: pid_t = 0
        // Threads of a test run block signals, which a child would inherit.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let code = posix_spawn(&started, "/bin/sh", nil, &attributes, &vector, &settings)
        guard code == 0, started > 0 else { throw TestFailure("cannot run \(words): \(Errno(rawValue: code))") }
        child = started
    }

    deinit {
        if isRunning { _ = killAndWait() }
    }

    /// The number of the process.
    var number: pid_t { child }

    var isRunning: Bool {
        poll(WNOHANG)
        return ended == nil
    }

    var words: String { (try? String(contentsOfFile: log.string, encoding: .utf8)) ?? "" }

    private func poll(_ options: Int32) {
        var status: Int32 = 0
        if ended == nil, waitpid(child, &status, options) == child { ended = status }
    }

    /// Waits until it has ended; returns its status, 128 and the signal's number when one ended it.
    func wait() -> Int32 {
        poll(0)
        let status = ended ?? 0
        return (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    }

    /// `kill -9`, then waits; returns the status as `wait` does.
    func killAndWait() -> Int32 {
        if ended == nil { kill(child, SIGKILL) }
        return wait()
    }

    /// Sends a signal to the program alone, or to its whole process group, which it must lead (`setsid`).
    func signal(_ number: Int32, toGroup: Bool = false) {
        if isRunning { kill(toGroup ? -child : child, number) }
    }

    /// Looks at `condition` again and again while the program runs. Returns whether it came true before the end.
    func runs(until condition: () -> Bool) -> Bool {
        while isRunning {
            if condition() { return true }
        }
        return condition()
    }
}
