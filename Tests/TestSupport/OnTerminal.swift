import ChildProcess
import SystemPackage

/// Runs a line of shell on a terminal of this size, whose user types nothing and then ends the input. Returns what the
/// terminal shows in the end, and all that was written to it. Throws `TestFailure` when there is no terminal to be had.
public func onTerminalOf(
    width: Int, height: Int, _ line: String, in directory: FilePath, environment: [String: String]
) throws -> (screen: Screen, bytes: String) {
    // script(1) lends its command a terminal, and runs it with `SHELL`.
    let script = "stty cols \(width) rows \(height) -echo; \(line)"
    let outcome = try ChildProcess(
        "sh", ["-c", #"exec script -qefc "$1" /dev/null < /dev/null"#, "sh", script], in: directory,
        environment: environment.merging(["SHELL": "/bin/sh"]) { $1 }
    ).run()
    guard outcome.errorText.isEmpty else { throw TestFailure("script: \(outcome.errorText)") }
    var screen = Screen(width: width, height: height)
    try screen.write(outcome.text)
    return (screen, outcome.text)
}
