import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport

/// A program that is stopped at one of its system calls, goes on when something else has happened, and so meets the same
/// race at the same point every time.
struct Paused {
    /// The program and its arguments.
    let words: [String]
    let directory: FilePath
    let environment: [String: String]
    /// A directory for logs.
    let logs: FilePath
    /// Calls before the first that names this directory are the program's start and do not count.
    let place: FilePath

    /// The calls by which a program looks at a tree or changes it. A question mark: not every architecture has it.
    private static let names = [
        "openat", "openat2", "newfstatat", "statx", "linkat", "?mkdir", "mkdirat", "?rename", "renameat", "renameat2",
        "?unlink", "unlinkat", "?rmdir", "utimensat", "?symlink", "symlinkat", "copy_file_range", "write",
    ]

    /// The calls of an undisturbed run, in their order; only those of the program's first thread. Throws `TestFailure`
    /// when it fails.
    func calls() throws -> [TracedSeeding.Call] {
        let log = logs.appending("calls.strace")
        let outcome = try ChildProcess(
            "strace",
            ["-o", log.string, "-e", "trace=" + Self.names.joined(separator: ",")]
                + TracedSeeding.onOneProcessor(environment) + words,
            in: directory, environment: environment
        ).run()
        guard outcome.status == 0 else { throw TestFailure("\(words): \(outcome.errorText)") }
        return Array(
            TracedSeeding.calls(String(decoding: try readFile(log), as: UTF8.self)).drop {
                !$0.line.contains("\"\(place)")
            })
    }

    /// Runs it, stopped as soon as `call` is made; then `meanwhile`; then lets it go on. Returns its status and its words.
    /// When it does not come to the call, `meanwhile` is not called, and `wasStopped` is false.
    func run(
        stoppedAt call: TracedSeeding.Call, _ meanwhile: () throws -> Void
    ) throws -> (status: Int32, words: String, wasStopped: Bool) {
        let trace = logs.appending("paused.strace")
        if FileStatus.ifPresent(trace) != nil { try removeTree(trace) }
        let program = try Background(
            [
                "strace", "-o", trace.string, "-e", "trace=" + Self.names.joined(separator: ","),
                "-e", "inject=\(call.name):signal=SIGSTOP:when=\(call.number)",
            ] + TracedSeeding.onOneProcessor(environment) + words, in: directory, environment: environment,
            log: logs.appending("paused.log"))
        let wasStopped = program.runs {
            // Looking without a pause would take the processor that the program needs.
            usleep(1000)
            return isStopped(trace)
        }
        if wasStopped {
            defer { program.goOn() }
            try meanwhile()
        }
        return (program.wait(), program.words, wasStopped)
    }

    private func isStopped(_ trace: FilePath) -> Bool {
        guard let text = try? readFile(trace) else { return false }
        return String(decoding: text.suffix(200), as: UTF8.self).contains("--- stopped by SIGSTOP ---")
    }
}

extension Background {
    /// SIGCONT for what this program has started, as strace starts what it traces.
    fileprivate func goOn() {
        let list = FilePath("/proc/\(number)/task/\(number)/children")
        for child in ((try? readFile(list)).map { String(decoding: $0, as: UTF8.self) } ?? "").split(separator: " ") {
            if let child = pid_t(child) { kill(child, SIGCONT) }
        }
    }
}
