import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// `wt shell` in real shells at a terminal: where they go, and what TAB does.
@Suite struct ShellTests {
    let directory: TemporaryDirectory
    let repository: TestRepository

    init() throws {
        directory = try TemporaryDirectory()
        var repository = try TestRepository(in: directory)
        try repository.write("which", "this is main\n")
        try repository.commit()
        try repository.git("worktree", "add", "--quiet", "-b", "feature-x", "../feature-x")
        try repository.git("worktree", "add", "--quiet", "--detach", "../odd name's")
        repository.environment["PATH"] = "\(productsDirectory):\(repository.environment["PATH"] ?? "")"
        self.repository = repository
    }

    /// An interactive shell in the main worktree, with the integration as the README has it.
    struct Session {
        let terminal: PseudoTerminal
        let shell: String

        init(_ shell: String, in repository: TestRepository, settings: [String] = []) throws {
            self.shell = shell
            let words =
                switch shell {
                case "bash": ["bash", "--norc", "--noprofile", "-i"]
                case "zsh": ["zsh", "-f", "-i"]
                default: ["fish", "--no-config", "-i"]
                }
            var environment = repository.environment
            environment["TERM"] = "dumb"
            environment["PS1"] = "$ "
            terminal = try PseudoTerminal(words, in: repository.path, environment: environment)
            // The prompt is told from the line that sets it.
            let setUp =
                switch shell {
                case "bash": ["eval \"$(wt shell bash)\"", "PS1='READY''> '"]
                case "zsh":
                    [
                        "autoload -Uz compinit; compinit -u; unsetopt prompt_sp", "eval \"$(wt shell zsh)\"",
                        "PS1='READY''> '",
                    ]
                default: ["wt shell fish | source", "function fish_prompt; echo -n 'READY''> '; end"]
                }
            for line in settings + setUp { try terminal.type(line + "\r") }
            try terminal.wait(for: "READY> ")
        }

        /// Types a line, or the rest of one, and returns what appears until the command has ended. fish shows its prompt
        /// again with every key; so that is told by a word that is not in the line as it is typed.
        @discardableResult
        func run(_ line: String) throws -> String {
            try terminal.type(line + "; echo do''ne\r")
            return try terminal.wait(for: "done\n")
        }

        /// Types `part` and TAB, and waits until that is completed to `whole`.
        func complete(_ part: String, to whole: String) throws {
            try terminal.type(part + "\t")
            try terminal.wait(for: whole)
        }

        /// Where the shell is.
        func place() throws -> String {
            let seen = try run("echo \"at:$PWD\":he''re")
            let start = try #require(seen.range(of: "at:/", options: .backwards)).upperBound
            let end = try #require(seen[start...].firstRange(of: ":here")).lowerBound
            return "/" + seen[start..<end]
        }
    }

    private func path(_ name: String) -> String { directory.path.appending(name).string }

    private func exists(_ name: String) -> Bool { FileStatus.ifPresent(directory.path.appending(name)) != nil }

    /// Files that tell a shell where to go, and that nobody has taken away.
    private func leftFiles() throws -> [String] {
        let cache = directory.path.pushing("home/.cache")
        guard FileStatus.ifPresent(cache) != nil else { return [] }
        return try Directory(cache).entries().map(\.name.string).filter { $0.hasPrefix("wt-go") }
    }

    // MARK: Going

    @Test(arguments: ["bash", "zsh", "fish"])
    func theShellFollows(_ shell: String) throws {
        let session = try Session(shell, in: repository)
        try session.run("wt switch feature-x")
        #expect(try session.place() == path("feature-x"))
        try session.run("wt switch -")
        #expect(try session.place() == path("repository"))
        // A plain cd counts, too, and so does one to elsewhere in the same worktree afterwards.
        try session.run("cd ../feature-x")
        try session.run("wt cd -")
        #expect(try session.place() == path("repository"))
        try session.run("wt cd \"odd name's\"")
        #expect(try session.place() == path("odd name's"))
        let made = try session.run("wt new topic")
        #expect(made.contains(path("repository.topic")))
        #expect(try session.place() == path("repository.topic"))
        let removed = try session.run("wt rm @")
        #expect(removed.contains("removed \(path("repository.topic"))"), "\(removed)")
        #expect(try session.place() == path("repository"))
        #expect(!exists("repository.topic"))
        // What was removed is not where `-` leads.
        try session.run("wt switch -")
        #expect(try session.place() == path("odd name's"))
        try session.run("wt switch ^")
        #expect(try session.place() == path("repository"))
        try session.terminal.type("wt switch nowhere\r")
        try session.terminal.wait(for: "Create it? [y/N]")
        try session.terminal.type("n\r")
        try session.run("wt switch -c fresh")
        #expect(try session.place() == path("repository.fresh"))
        #expect(try leftFiles() == [])
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func theShellStays(_ shell: String) throws {
        let session = try Session(shell, in: repository, settings: shell == "bash" ? ["set -u -o noclobber"] : [])
        try session.run("wt new one --json")
        try session.run("wt new two --dry-run")
        try session.run(shell == "fish" ? "set dir (wt new three)" : "dir=$(wt new three)")
        #expect(try session.place() == path("repository"))
        try session.run("cd \"$dir\"")
        #expect(try session.place() == path("repository.three"))
        try repository.write("untracked", "", in: directory.path.appending("repository.three"))
        #expect(try session.run("wt rm @").contains("work that is not committed"))
        #expect(try session.place() == path("repository.three"))
        #expect(try session.run("wt list | cat").contains("feature-x"))
        #expect(try session.run("wt rm nowhere || echo refused'!'").contains("refused!"))
        #expect(try leftFiles() == [])
    }

    /// Ctrl-C is for the command; the shell goes where it was to go all the same.
    @Test(arguments: ["bash", "zsh", "fish"])
    func theShellFollowsWhatIsInterrupted(_ shell: String) throws {
        let session = try Session(shell, in: repository)
        try session.terminal.type("wt new topic -x 'echo star''ted; exec sleep 1000'\r")
        try session.terminal.wait(for: "started\n")
        try session.terminal.type("\u{3}")
        #expect(try session.place() == path("repository.topic"))
        #expect(try leftFiles() == [])
        // The terminal is the command's.
        try session.terminal.type("wt new more -x 'read word; echo \"got:$word\"; exit 5' || echo fa''iled\r")
        try session.terminal.wait(for: "running in")
        try session.terminal.type("a word\r")
        try session.terminal.wait(for: "got:a word\nfailed\n")
        #expect(try session.place() == path("repository.more"))
    }

    // MARK: TAB

    @Test(arguments: ["bash", "zsh", "fish"])
    func wordsAreCompleted(_ shell: String) throws {
        try repository.branch("it's;$odd")
        let session = try Session(shell, in: repository)
        try session.complete("wt sw", to: "wt switch")
        try session.complete("fe", to: "ature-x")
        try session.run("")
        #expect(try session.place() == path("feature-x"))
        try session.complete("wt switch od", to: "name")
        try session.run("")
        #expect(try session.place() == path("odd name's"))
        try session.complete("wt new it", to: "odd")
        try session.run("")
        #expect(try session.place() == path("repository.it-s--odd"))
        try session.complete("wt rm --keep-b", to: "--keep-branch")
        try session.complete("fe", to: "ature-x")
        #expect(try session.run("").contains("removed \(path("feature-x"))"))
        try session.complete("wt list --sort=bra", to: "nch")
        #expect(try session.run("").contains("it's;$odd"))
        try session.complete("wt list -C ../repos", to: "itory")
        #expect(try session.run("").contains("it's;$odd"))
    }
}
