import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// What people see, on a terminal, compared with `Tests/Screens`. `WT_RECORD_SCREENS=1 scripts/test ScreenTests` writes
/// these files anew, and fails: what it has written is to be read before it counts.
@Suite struct ScreenTests {
    /// Paths are part of tables, so that their length must always be the same.
    let directory: TemporaryDirectory
    let workspace: SmallWorkspace
    var environment: [String: String] {
        workspace.environment.merging(["TERM": "xterm", "PATH": "\(productsDirectory):\(path)"]) { $1 }
    }
    private var path: String { workspace.environment["PATH"] ?? "" }

    init() throws {
        directory = try TemporaryDirectory(in: "/tmp")
        workspace = try SmallWorkspace.make(in: directory)
    }

    private func sh(_ script: String) throws {
        let outcome = try ChildProcess("sh", ["-ec", script], in: workspace.path, environment: environment).run()
        guard outcome.status == 0 else { throw TestFailure("\(script): \(outcome.errorText)") }
    }

    /// Runs the lines on a terminal, each with its prompt, and compares the screen with the one that is stored. Where
    /// figures differ from run to run, their digits count as nines.
    private func check(_ name: String, width: Int = 100, _ lines: String...) throws {
        let script = lines.map { "printf '$ %s\\n' '\($0)'; \($0); status=$?; [ $status = 0 ] || echo \"[$status]\"" }
        let shown = try onTerminalOf(
            width: width, height: 60, script.joined(separator: "; "), in: workspace.path, environment: environment)
        let text = shown.screen.styledLines.map { steady($0) + "\n" }.joined()
        let file = screens.appending("\(name).txt")
        if ProcessInfo.processInfo.environment["WT_RECORD_SCREENS"] == "1" {
            try Data(text.utf8).write(to: URL(fileURLWithPath: file.string))
            Issue.record("\(name) was recorded")
        } else {
            #expect(try text == String(decoding: readFile(file), as: UTF8.self), "\(name):\n\(text)")
        }
    }

    private func steady(_ line: String) -> String {
        var line = line.replacing(directory.path.string, with: "/tmp/wt-test.000000")
        let figures =
            /\d+(\.\d+)?( ?(s|ms|B|KiB|MiB|GiB)\b|[KMG]\b)|\d+ units?|\d+ (linked|copied|cold|fresh)|[0-9a-f]{7}\b/
        line.replace(figures) { match in
            match.output.0.count == 7 && !match.output.0.contains(" ")
                ? "abcdef0" : match.output.0.replacing(/\d+\.?\d*/) { _ in "9" }
        }
        return line
    }

    private var screens: FilePath {
        FilePath(#filePath).removingLastComponent().removingLastComponent().appending("Screens")
    }

    @Test func help() throws {
        try check("help", width: 80, "wt --help")
    }

    @Test func theDay() throws {
        try workspace.build()
        try sh("git switch -q -c aside; git switch -q main")
        try check("new", width: 160, "wt new feature-x")
        try check("new-refused", width: 160, "wt new feature-x", "wt new aside --from nowhere", "wt new no..name")
        try sh("wt new aside -q > /dev/null; cd ../repository.aside; echo x > new; echo y >> Cargo.toml")
        try check("remove-refused", "wt rm aside", "wt rm ^", "wt rm nobody")
        try sh("cd ../repository.aside; git stash -q -u")
        try check("explain", width: 160, "wt explain")
        try check("clean-asks", width: 160, "wt clean aside", "wt clean aside --yes", "wt clean aside --yes")
        try check("remove", width: 200, "wt rm feature-x aside")
    }

    /// Everything was used two days ago, and a build directory of an exact size is there.
    @Test func lists() throws {
        try sh(
            """
            w() { git worktree add -q -b "$1" ../worktrees/$2 main; cd ../worktrees/$2; }
            (w a/branch/of/somebody/who/likes/long/names long; git commit -q --allow-empty -m m)
            (w dirty dirty; echo x > new; git add new; echo y > untracked; echo z >> Cargo.toml)
            git worktree lock ../worktrees/dirty; (w gone gone); rm -r ../worktrees/gone
            mkdir -p target/debug/.fingerprint; head -c 3000000 /dev/zero > target/debug/x
            for d in . ../worktrees/*; do git -C $d status > /dev/null; done
            find . ../worktrees -exec touch -h -d '50 hours ago' {} +
            """)
        try check("list", width: 130, "wt list")
        try check("list-narrow", width: 60, "wt list")
        try check("list-tiny", width: 24, "wt list")
        try check(
            "list-no-color", width: 130, "NO_COLOR=1 wt list --branches", "CLICOLOR_FORCE=1 wt list --no-size | head -2"
        )
    }

    // MARK: Progress

    /// `delayed` is a system call that takes its time here, so that there is something to show.
    private func slowly(_ delayed: String, milliseconds: Int, _ command: String) throws -> String {
        let trace = "-e trace=\(delayed) -e inject=\(delayed):delay_enter=\(milliseconds)000"
        let shown = try onTerminalOf(
            width: 80, height: 24, "strace -f -qq -o /dev/null \(trace) \(command)", in: workspace.path,
            environment: environment)
        // Nothing of the bar is left.
        #expect(
            !shown.screen.lines.contains { $0.contains("[=") || $0.contains("% of") || $0.contains("files deleted") })
        return shown.bytes
    }

    @Test func whatTakesLongerHasABar() throws {
        try workspace.build()
        try sh("mkdir many; for i in $(seq 100); do echo $i > many/$i; done; git add many; git commit -qm many")
        let rows = [
            ("write", 20, "new x", "\rchecking out  ["), ("linkat", 120, "new y", "\rseeding  ["),
            ("unlinkat", 10, "rm x --wait", "\rfiles deleted  "),
            ("unlinkat", 10, "clean y --yes --wait", "\rfiles deleted  "),
        ]
        for (call, milliseconds, command, bar) in rows {
            let bytes = try slowly(call, milliseconds: milliseconds, "wt \(command)")
            #expect(bytes.contains(bar), "\(command): \(bytes)")
        }
        let quiet = try slowly("unlinkat", milliseconds: 10, "wt rm y --wait -q")
        #expect(!quiet.contains("\u{1b}"), "\(quiet)")
    }

    /// A log gets no bar, no colour and no line that is drawn over.
    @Test func aLogGetsLinesOnly() throws {
        try workspace.build()
        for command in ["new x", "list", "explain", "clean x --yes", "rm x --wait", "new no..name"] {
            let trace = ["-f", "-qq", "-o", "/dev/null", "-e", "inject=linkat,unlinkat:delay_enter=5000"]
            let arguments = trace + ["\(productsDirectory)/wt"] + command.split(separator: " ").map(String.init)
            let outcome = try ChildProcess("strace", arguments, in: workspace.path, environment: environment).run()
            #expect(!(outcome.output + outcome.errors).contains { $0 < 0x20 && $0 != 0x0a }, "\(command)")
            #expect(outcome.text + outcome.errorText != "")
        }
    }
}
