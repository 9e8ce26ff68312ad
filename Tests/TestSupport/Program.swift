import ChildProcess
import Foundation
import SystemPackage

/// Makes a program of this text at `path`, with the directories above it.
///
/// A child writes it: were it open for writing here, every process that another test starts at that moment would hold
/// that descriptor until its exec, and whoever runs the program meanwhile would be told ETXTBSY, "Text file busy".
public func makeProgram(_ path: FilePath, _ text: String) throws {
    let outcome = try ChildProcess(
        "sh", ["-c", #"mkdir -p "${1%/*}" && printf %s "$2" > "$1" && chmod 755 "$1""#, "sh", path.string, text],
        environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
    ).run()
    guard outcome.status == 0 else { throw TestFailure("cannot make \(path): \(outcome.errorText)") }
}
