import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// What `wt shell` prints, and what wt tells the shell.
@Suite struct ShellScriptTests {
    let directory: TemporaryDirectory
    let repository: TestRepository
    let goFile: FilePath

    init() throws {
        directory = try TemporaryDirectory()
        repository = try TestRepository(in: directory)
        try repository.commit()
        goFile = directory.appending("home/run/go")
    }

    /// As the function of `wt shell` runs wt.
    private func integrated(
        _ arguments: [String], in place: FilePath? = nil, from previous: FilePath? = nil
    ) throws -> ChildProcess.Outcome {
        var environment = repository.environment
        environment["WT_GO_FILE"] = goFile.string
        environment["WT_OLDPWD"] = previous?.string
        return try runWT(arguments, in: place ?? repository.path, environment: environment)
    }

    private func plain(_ arguments: String..., in place: FilePath? = nil) throws -> ChildProcess.Outcome {
        try runWT(arguments, in: place ?? repository.path, environment: repository.environment)
    }

    /// Where the shell was told to go, as bytes; nil when it was told nothing. Takes it away as the function does.
    private func told() throws -> [UInt8]? {
        guard FileStatus.ifPresent(goFile) != nil else { return nil }
        let bytes = try readFile(goFile)
        try FileManager.default.removeItem(atPath: goFile.string)
        return bytes
    }

    @discardableResult
    private func sh(_ script: String, in place: FilePath? = nil) throws -> ChildProcess.Outcome {
        let outcome = try ChildProcess(
            "sh", ["-ec", script], in: place ?? repository.path, environment: repository.environment
        ).run()
        guard outcome.status == 0 else { throw TestFailure("\(script): \(outcome.errorText)") }
        return outcome
    }

    // MARK: The script

    @Test(arguments: [[], ["--completions"]])
    func theShellsReadIt(_ options: [String]) throws {
        for (shell, checks) in [
            ("bash", [["bash", "-n"], ["shellcheck", "--shell=bash"]]), ("zsh", [["zsh", "-n"]]),
            ("fish", [["fish", "--no-execute"]]),
        ] {
            let printed = try runWT(["shell", shell] + options, in: "/", environment: repository.environment)
            #expect(printed.status == 0 && printed.errorText == "")
            let file = directory.appending("script.\(shell)")
            try Data(printed.output).write(to: URL(fileURLWithPath: file.string))
            for check in checks {
                let outcome = try ChildProcess(
                    check[0], check.dropFirst() + [file.string], environment: repository.environment
                ).run()
                #expect(outcome.status == 0, "\(check): \(outcome.text)\(outcome.errorText)")
            }
        }
    }

    @Test func theProgramIsNamedByItsPath() throws {
        try sh("mkdir \"$HOME/it's\"; ln -s '\(productsDirectory)/wt' \"$HOME/it's/wt\"")
        var environment = repository.environment
        let link = directory.appending("home/it's")
        environment["PATH"] = "\(link):\(environment["PATH"] ?? "")"
        #expect(
            try runWT(["shell", "bash"], in: "/", environment: environment).text.contains(#"home/it'\''s/wt' "$@""#))
        #expect(
            try runWT(["shell", "fish"], in: "/", environment: environment).text.contains(#"home/it\'s/wt' $argv"#))
        // One of the same name that is another program is not meant.
        try sh("rm \"$HOME/it's/wt\"; echo > \"$HOME/it's/wt\"")
        #expect(
            try runWT(["shell", "zsh"], in: "/", environment: environment).text.contains("'\(productsDirectory)/wt' "))
        #expect(try plain("shell", "csh").status == 64)
    }

    /// Where others can write, they can guess a name and be first.
    @Test(arguments: ["printf '/tmp\\0' > \"$f\"", "ln -s \"$HOME/mine\" \"$f\"", "ln -s /nowhere \"$f\""])
    func whatSomebodyElseHasWrittenIsNotObeyed(_ plant: String) throws {
        let script = """
            eval "$('\(productsDirectory)/wt' shell bash)"; printf '/tmp\\0' > "$HOME/mine"
            mkdir "$HOME/run"; export XDG_RUNTIME_DIR=$HOME/run; git worktree add -q -b one ../one
            RANDOM=1; f=$XDG_RUNTIME_DIR/wt-go.$BASHPID.$RANDOM$RANDOM$RANDOM
            \(plant)
            RANDOM=1; wt list >/dev/null; pwd; [ -e "$f" ] || [ -h "$f" ] || echo removed
            RANDOM=1; wt switch one; pwd; ls "$XDG_RUNTIME_DIR" | wc -l
            wt switch one; pwd
            """
        let outcome = try ChildProcess(
            "bash", ["-ec", script], in: repository.path, environment: repository.environment
        ).run()
        let (main, one) = (repository.path, directory.appending("one"))
        #expect(
            outcome.text == "\(main)\n\(one)\n\(main)\n1\n\(one)\n\(one)\n", "\(outcome.text)\(outcome.errorText)")
    }

    // MARK: Telling the shell

    @Test func pathsAreData() throws {
        let name = "-n \n'\"$(touch pwned) \\\u{e4}"
        try repository.git("worktree", "add", "--quiet", "-b", "odd", "../\(name)")
        try sh(#"git worktree add -q -b bytes ../"$(printf 'b\377\376')""#)
        #expect(try integrated(["switch", "odd"]).status == 0)
        #expect(try told() == Array("\(directory.path)/\(name)".utf8) + [0])
        #expect(try integrated(["switch", "bytes"]).output == Array("\(directory.path)/b".utf8) + [255, 254, 10])
        #expect(try told() == Array("\(directory.path)/b".utf8) + [255, 254, 0])
    }

    @Test func withoutIntegrationThePathIsPrinted() throws {
        try repository.git("worktree", "add", "--quiet", "-b", "one", "../one")
        let outcome = try plain("switch", "one")
        #expect(outcome.text == "\(directory.path)/one\n" && outcome.errorText == "" && outcome.status == 0)
        let missing = try plain("switch", "two")
        #expect(missing.status == 1 && missing.text == "")
        #expect(missing.errorText == "wt: there is no worktree 'two'\nhint: wt new two\n")
        #expect(try plain("switch", "-").errorText.contains(#"hint: eval "$(wt shell bash)""#))
        let made = try plain("switch", "--create", "two", "-q")
        #expect(made.text == "\(directory.path)/repository.two\n" && made.errorText == "")
        #expect(try plain("cd", "two").text == made.text)
        #expect(try plain("rm", "@", in: directory.appending("one")).errorText.contains("you are in it"))
    }

    /// A file that is there already is somebody else's, and stays.
    @Test func nothingIsOverwritten() throws {
        try repository.write("../home/run/go", "mine")
        #expect(try integrated(["switch", "^"]).status == 1)
        #expect(try told() == Array("mine".utf8))
        try sh("ln -s /nowhere '\(goFile)'")
        #expect(try integrated(["switch", "^"]).errorText.contains("cannot tell the shell to change into"))
        #expect(FileStatus.ifPresent("/nowhere") == nil)
    }

    @Test func nobodyElseHearsOfIt() throws {
        try makeProgram(
            repository.path.pushing(".git/hooks/post-checkout"), "#!/bin/sh\nenv > '\(directory.path)/seen'\n")
        #expect(try integrated(["new", "one"], from: "/tmp").status == 0)
        let seen = String(decoding: try readFile(directory.appending("seen")), as: UTF8.self)
        #expect(seen.contains("PATH=") && !seen.contains("WT_"), "\(seen)")
        #expect(try told() != nil)
    }

    @Test func theOtherCommandsKnowThePreviousOne() throws {
        try repository.git("worktree", "add", "--quiet", "-b", "one", "../one")
        let inside = directory.appending("one")
        #expect(try integrated(["explain", "-", "--json"], from: inside).text.contains(inside.string))
        #expect(try integrated(["seed", "-", "--json"], from: inside).text.contains(inside.string))
        // The place before is in the current worktree.
        #expect(try integrated(["rm", "-"], from: repository.path).errorText.contains("there is no previous worktree"))
        #expect(try integrated(["rm", "-"], from: inside).status == 0)
        #expect(FileStatus.ifPresent(inside) == nil)
        #expect(try told() == nil)
    }

    // MARK: Removal of the current worktree

    @Test func theShellComesBackFromWhatGoes() throws {
        try repository.git("worktree", "add", "--quiet", "-b", "one", "../one")
        try repository.write("deep/er/file", "", in: directory.appending("one"))
        let deep = directory.path.pushing("one/deep/er")
        #expect(try integrated(["rm", "-f", "one", "--dry-run"], in: deep).status == 0)
        #expect(try told() == nil)
        #expect(try integrated(["rm", "one"], in: deep).status == 1)
        #expect(try told() == nil)
        let removed = try integrated(["rm", "-f", "one", "--wait"], in: deep)
        #expect(removed.status == 0, "\(removed.errorText)")
        #expect(removed.errorText.contains("branch 'one' deleted"))
        #expect(try told() == repository.path.bytes + [0])
        #expect(FileStatus.ifPresent(directory.appending("one")) == nil)
    }

    /// A deletion in place that fails half-way leaves the directory, and the shell in it.
    @Test func theShellStaysWhereADirectoryStays() throws {
        try repository.git("worktree", "add", "--quiet", "-b", "one", "../one")
        let place = directory.appending("one")
        try repository.write("file", "", in: place)
        var environment = repository.environment
        environment["WT_GO_FILE"] = goFile.string
        let outcome = try ChildProcess(
            "strace",
            [
                "-f", "-o", "/dev/null", "-e", "inject=rename,renameat,renameat2:error=EXDEV", "-e",
                "inject=unlinkat:error=EIO", productsDirectory.appending("wt").string, "rm", "-f", "@",
            ], in: place, environment: environment
        ).run()
        #expect(outcome.status == 1 && outcome.errorText.contains("cannot remove"), "\(outcome.errorText)")
        #expect(FileStatus.ifPresent(place.appending(".git")) != nil)
        #expect(try told() == nil)
        #expect(try integrated(["rm", "-f", "@"], in: place).status == 0)
        #expect(try told() == repository.path.bytes + [0])
    }

    @Test func aBareRepositoryHasNowhereToComeBackTo() throws {
        try sh("git clone -q --bare . ../bare.git; git -C ../bare.git worktree add -q -b one ../one")
        let place = directory.appending("one")
        let refused = try integrated(["rm", "@"], in: place)
        #expect(refused.status == 1 && refused.errorText.contains("hint: cd to another worktree first"))
        #expect(try integrated(["switch", "^"], in: place).errorText.contains("the repository is bare"))
        #expect(try told() == nil)
    }
}
