import Foundation
import SystemPackage
import TestSupport

/// A program that runs beside the test, its words in a file.
final class Background {
    private let process = Process()
    private let log: FilePath

    /// Starts `words`, of which the first is looked up in PATH. `log` is made.
    init(_ words: [String], in directory: FilePath, environment: [String: String], log: FilePath) throws {
        self.log = log
        guard FileManager.default.createFile(atPath: log.string, contents: nil),
            let output = FileHandle(forWritingAtPath: log.string)
        else { throw TestFailure("cannot write \(log)") }
        // `exec`, so that the process is the program and can be killed.
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "exec \"$@\"", "sh"] + words
        process.currentDirectoryURL = URL(fileURLWithPath: directory.string)
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
    }

    var isRunning: Bool { process.isRunning }

    var words: String { (try? String(contentsOfFile: log.string, encoding: .utf8)) ?? "" }

    /// Waits until it has ended; returns its status, 128 and the signal's number when one ended it.
    func wait() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0)
    }

    /// `kill -9`, then waits; returns the status as `wait` does.
    func killAndWait() -> Int32 {
        kill(process.processIdentifier, SIGKILL)
        return wait()
    }

    /// Looks at `condition` again and again while the program runs. Returns whether it came true before the end.
    func runs(until condition: () -> Bool) -> Bool {
        while isRunning {
            if condition() { return true }
        }
        return condition()
    }
}
