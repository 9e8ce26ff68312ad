import ChildProcess
import FileTree
import SystemPackage
import TestSupport
import Testing

/// Lines that are read without the parser: the parser reads them in the same way.
@Suite struct PlainCommandLineTests {
    let directory: TemporaryDirectory
    let repository: TestRepository

    init() throws {
        directory = try TemporaryDirectory()
        repository = try TestRepository(in: directory, name: "repository")
        try repository.write("a", "a")
        try repository.commit("first")
        for name in ["one", "two"] {
            try repository.git("worktree", "add", "--quiet", "-b", name, "../\(name)")
        }
    }

    private func wt(_ arguments: [String]) throws -> ChildProcess.Outcome {
        try runWT(arguments, in: repository.path, environment: repository.environment)
    }

    private func withoutAges(_ text: String) -> String {
        text.replacing(/age +path/, with: "age path").replacing(/[ ]+[0-9]+ seconds? ago +/, with: " ")
    }

    /// An option that says what is so anyway brings the parser in.
    @Test(arguments: [
        ["list"], ["ls"], ["list", "--no-size"], ["list", "--json", "--branches"], ["list", "--json", "--json"],
        ["list", "nothing"], ["list", "--no"], ["rm", "nothing"], ["rm"], ["rm", "one", ""], ["rm", "-"], ["rm", "^"],
        ["rm", "--help"], ["new"], ["new", ""], ["new", "one"], ["new", "three", "nothing"], ["new", "a", "b", "c"],
        ["new", "-"], ["new", "a..b"], ["seed"], ["seed", "one"], ["seed", "nothing"],
        ["seed", ""], ["seed", "one", "two"], ["seed", "-"],
    ])
    func theSameIsSaid(_ words: [String]) throws {
        let plain = try wt(words)
        let parsed = try wt(words + ["--color", "auto"])
        #expect(plain.status == parsed.status)
        #expect(withoutAges(plain.text) == withoutAges(parsed.text))
        #expect(plain.errorText == parsed.errorText)
    }

    @Test func theSameIsDone() throws {
        let plain = try wt(["rm", "one"])
        let parsed = try wt(["rm", "two", "--color", "auto"])
        #expect(plain.status == 0 && parsed.status == 0)
        #expect(plain.errorText == parsed.errorText.replacing("two", with: "one"))
        #expect(FileStatus.ifPresent(directory.path.appending("one")) == nil)
        #expect(try repository.git("branch", "--format=%(refname:short)") == "main")
        // A worktree is made in the same way, from the same start point.
        try repository.write("a", "b")
        try repository.commit("second")
        let first = try wt(["new", "made", "HEAD~"])
        let second = try wt(["new", "parsed", "HEAD~", "--color", "auto"])
        #expect(first.status == 0 && second.status == 0)
        #expect(first.text.replacing("made", with: "parsed") == second.text)
        #expect(try repository.git("rev-parse", "made", "parsed") == repository.git("rev-parse", "HEAD~", "HEAD~"))
        // What is asked of a worktree with changes is asked here too.
        try repository.git("worktree", "add", "--quiet", "-b", "three", "../three")
        try repository.write("new", "mine", in: directory.path.appending("three"))
        #expect(try wt(["rm", "three"]).status == 1)
        #expect(try repository.git("branch", "--list", "three") != "")
    }
}
