import ChildProcess
import FileTree
import SystemPackage
import TestSupport
import Testing

/// A repository whose own files lead somewhere else, and names that are made to be misread.
@Suite struct HostileRepositoryTests {
    let directory: TemporaryDirectory
    let repository: TestRepository

    init() throws {
        directory = try TemporaryDirectory()
        repository = try TestRepository(in: directory)
        for name in ["a.txt", "src/b.txt"] { try repository.write(name, "\(name)\n") }
        try repository.write("Cargo.toml", "[workspace]\n")
        try repository.write(".gitignore", "/target\n")
        try repository.commit()
    }

    /// Run in the main worktree, beside which there are the worktree `linked`, the directory `precious` with files and a
    /// build directory of nobody's, and the repository `other` with a worktree `others`.
    static let detours = [
        "echo $PWD/../precious/.git >.git/worktrees/linked/gitdir",
        "echo $PWD/../other/.git >.git/worktrees/linked/gitdir",
        "echo $PWD/../others/.git >.git/worktrees/linked/gitdir",
        "echo / >.git/worktrees/linked/gitdir", "echo /.git >.git/worktrees/linked/gitdir",
        "printf '../precious\\0/.git\\n' >.git/worktrees/linked/gitdir",
        "echo ../../../../other/.git >.git/worktrees/linked/commondir",
        "echo $PWD/../precious >.git/worktrees/linked/commondir",
        "rm -r ../linked; ln -s precious ../linked",
        "rm -r ../linked; ln -s other ../linked",
        "rm -r ../linked; cp -a ../precious ../linked; ln -s ../precious/deep ../linked/target",
        "rm -r ../linked/src; ln -s ../precious ../linked/src",
        "ln -s ../precious ../linked/target; ln -s ../precious target",
        "mv ../linked/.git ../moved; ln -s ../moved ../linked/.git",
        "rm ../linked/.git; ln -s ../other/.git ../linked/.git",
        "rm ../linked/.git; echo gitdir: $PWD/../other/.git >../linked/.git",
        "rm ../linked/.git; echo gitdir: $PWD/../other/.git/worktrees/others >../linked/.git",
        "mv .git/worktrees ../registrations; ln -s ../../registrations .git/worktrees",
        "mv .git/worktrees/linked ../registration; ln -s ../../../registration .git/worktrees/linked",
        "rm -r .git/worktrees/linked; ln -s ../../../other/.git/worktrees/others .git/worktrees/linked",
        "rm -r .git/worktrees/linked; ln -s ../../../precious .git/worktrees/linked",
        "ln -s ../../precious .git/wt-trash", "ln -s ../../precious .git/wt-making",
        "mv .git ../away; ln -s ../away .git", "mv .git ../away; echo gitdir: ../away >.git",
        "ln -s ../../../../precious/deep/note .git/worktrees/linked/locked",
        "rm .git/worktrees/linked/index; ln -s ../../../../precious/deep/note .git/worktrees/linked/index",
        "rm .git/worktrees/linked/HEAD; ln -s ../../../../other/.git/HEAD .git/worktrees/linked/HEAD",
        "ln -s ../../../../precious .git/refs/heads/wt",
    ]

    @Test(arguments: detours) func nothingElsewhereIsTouched(_ detour: String) throws {
        try repository.sh(
            """
            git branch topic; git worktree add -q ../linked topic
            mkdir -p ../linked/target/debug/.fingerprint; : >../linked/target/debug/.cargo-lock
            mkdir -p ../precious/deep ../precious/debug/.fingerprint ../precious/debug/deps
            : >../precious/debug/.cargo-lock; cp Cargo.toml ../precious
            printf 'Signature: 8a477f597d28d172789f06886806bc55\\n' | tee ../precious/CACHEDIR.TAG >target.tag; rm target.tag
            echo mine | tee ../precious/note ../precious/deep/note >../precious/debug/deps/libmine.rlib
            git clone -q . ../other; git -C ../other worktree add -q -b others ../others; echo mine >../others/mine
            """)
        try repository.sh(detour)
        let places = try ["precious", "other", "others"].map { name in
            try (name, TreeSnapshot(directory.appending(name)))
        }
        for words in [
            ["list"], ["new", "--no-seed", "made"], ["new", "seeded"], ["seed", "linked"],
            ["clean", "--yes", "linked"],
            ["dedupe"], ["prune", "--yes"], ["rm", "--wait", "linked"], ["rm", "--wait", "-ff", "linked"],
            ["rm", "--wait", "-ff", directory.appending("linked").string], ["clean", "--yes"], ["prune", "--yes"],
            ["rm", "--wait", "--force", "made"],
        ] {
            let outcome = try runWT(words, in: repository.path, environment: repository.environment)
            #expect((0...2).contains(outcome.status), "\(words): \(outcome.status), \(outcome.errorText)")
            if outcome.status == 1 {
                let errors = outcome.errorText.split(separator: "\n").filter { $0.hasPrefix("wt: ") }
                #expect(errors.count == 1, "\(words): \(outcome.errorText)")
            }
            for (name, before) in places {
                #expect(try TreeSnapshot(directory.appending(name)).differences(from: before) == [], "\(words)")
            }
        }
    }

    /// Taken where git takes it and it is text, and refused in a line, with nothing made, where not.
    @Test(arguments: ["a%b", "%", "-%", "a/%", "%.x"]) func everyByteInABranchName(_ pattern: String) throws {
        let wt = ["WT": productsDirectory.appending("wt").string]
        func branches() throws -> String {
            try repository.sh("git for-each-ref; git worktree list --porcelain; ls -a ..")
        }
        let before = try branches()
        var taken = 0
        for byte in 1...255 {
            let octal = "\\0" + String(byte + 512, radix: 8).dropFirst()
            let name = "name=$(printf %b '\(pattern.replacing("%", with: octal))')"
            let answers = try repository.sh(
                """
                \(name)
                git check-ref-format --branch "$name" >/dev/null 2>&1 && echo 0 || echo 1
                "$WT" new --no-seed -- "$name" 2>.git/words >/dev/null && echo 0 || echo $?
                git show-ref --verify --quiet "refs/heads/$name" && echo 0 || echo 1
                grep -c '^wt: ' .git/words || :
                """, wt
            ).split(separator: "\n")
            let isTaken = answers[0] == "0" && byte < 0x80
            #expect(answers[1...].elementsEqual(isTaken ? ["0", "0", "0"] : ["1", "1", "1"]), "\(byte): \(answers)")
            if answers[1] == "0" {
                taken += 1
                try repository.sh(
                    #""$WT" rm --wait -- "$(git worktree list --porcelain | sed -n 's/^worktree //p' | tail -n 1)""#, wt
                )
            }
            #expect(try branches() == before, "\(byte)")
        }
        #expect(taken > 60 || pattern == "-%", "\(taken)")
    }
}
