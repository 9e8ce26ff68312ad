import ChildProcess
import Foundation
import SystemPackage
import TestSupport
import Testing

/// What `scripts/counts` counts: a program's own system calls, by name, and the programs that it starts.
@Suite struct CountingTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A program in place of wt that opens a file, and starts another program, as often as it is made to; the first time
    /// that it runs it opens so many more files.
    private func program(_ name: String, opens: Int, starts: Int, atFirst more: Int = 0) throws -> String {
        let source = try writeText(
            """
            #include <fcntl.h>
            #include <sys/wait.h>
            #include <unistd.h>
            int main(void) {
                int first = open("\(directory.appending("\(name).ran").string)", O_CREAT | O_EXCL, 0600);
                for (int n = first < 0 ? 0 : -\(more); n < \(opens); n++) close(open("/dev/null", O_RDONLY));
                for (int n = 0; n < \(starts); n++) {
                    if (fork() == 0) { getppid(); execl("/bin/ls", "ls", "/", (char *)0); }
                    wait(0);
                }
                return 0;
            }

            """, directory.appending("\(name).c"))
        let path = directory.appending(name).string
        let outcome = try ChildProcess("cc", ["-o", path, source], environment: TestEnvironment.plain).run()
        guard outcome.status == 0 else { throw TestFailure(outcome.errorText) }
        return path
    }

    /// Measured for real: one that does more is found out, by the name of what it does, and one that does as much is not.
    @Test func whatCostsMoreIsNamed() throws {
        let usual = try program("usual", opens: 10, starts: 1)
        let counted = try runCounts(["--print", "--only", "^start$"], in: directory, program: usual)
        #expect(counted.status == 0, "\(counted.errorText)")
        let rows = counted.text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        // Its own calls until the exec are the program's; those of what it starts are not, and `ls` makes many.
        #expect(rows.contains(["start", "starts:ls", "1"]) && rows.contains(["start", "getppid", "1"]), "\(rows)")
        #expect(!rows.contains { $0.count == 3 && $0[1].hasPrefix("getdents") })
        #expect(!rows.contains { $0[0] != "start" && $0[0] != "version" })

        let table = try writeText(
            "tolerance .* 1 2\ntolerance starts:.* 0 0\n" + counted.text, directory.appending("table"))
        let arguments = ["--only", "^start$", "--table", table]
        let same = try runCounts(arguments, in: directory, program: usual)
        #expect(same.status == 0 && !same.text.contains("ABOVE"), "\(same.text)\(same.errorText)")
        let more = try runCounts(
            arguments, in: directory, program: try program("more", opens: 13, starts: 2))
        #expect(more.status == 1 && more.text.contains("ABOVE"), "\(more.text)\(more.errorText)")
        for name in ["openat", "close", "calls", "starts:ls"] {
            #expect(more.text.contains(" \(name) "), "\(more.text)")
        }
        #expect(!more.text.contains("getppid") && !more.text.contains("getdents"), "\(more.text)")

        // What is above is counted again, and was chance when it is not above then; what is above each time is told.
        let again = "counting again what is above: start"
        #expect(!same.errorText.contains(again))
        #expect(more.errorText.components(separatedBy: again).count == 3, "\(more.errorText)")
        let once = try runCounts(
            arguments, in: directory, program: try program("once", opens: 10, starts: 1, atFirst: 5))
        #expect(once.status == 0 && !once.text.contains("ABOVE"), "\(once.text)\(once.errorText)")
        #expect(once.errorText.components(separatedBy: again).count == 2, "\(once.errorText)")
    }
}

/// `scripts/counts` with these arguments, in a home of its own, counting what `program` costs in place of wt.
func runCounts(
    _ arguments: [String], in directory: TemporaryDirectory, program: String = ""
) throws -> ChildProcess.Outcome {
    let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
    var environment = try TestEnvironment.hermetic(home: directory.appending("home"))
    environment["WT"] = program
    return try ChildProcess(root.pushing("scripts/counts").string, arguments, environment: environment).run()
}

/// Writes it there; returns the path, as an argument.
func writeText(_ text: String, _ path: FilePath) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path.string))
    return path.string
}
