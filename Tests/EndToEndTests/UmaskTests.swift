import ChildProcess
import SystemPackage
import TestSupport
import Testing

@Suite struct UmaskTests {
    /// Everything git would make has the modes that git would give it, whatever the user's mask.
    @Test(arguments: ["077", "002", "027"], ["false", "group"])
    func modesAreThoseOfGit(mask: String, shared: String) throws {
        let commands = ["git worktree add -q -b deep/er/new", "'\(productsDirectory)/wt' new -q deep/er/new --path"]
        let listings = try commands.map { command in
            let directory = try TemporaryDirectory()
            let repository = try TestRepository(in: directory)
            try repository.write("src/deep/b.rs", "// b\n")
            try repository.write("run.sh", "#!/bin/sh\n")
            try repository.git("add", ".")
            try repository.git("update-index", "--chmod=+x", "run.sh")
            try repository.git("commit", "--quiet", "--message", "first")
            // With this set, git itself makes the worktree.
            try repository.git("config", "core.sharedRepository", shared)
            let script = """
                umask \(mask); \(command) ../above/x >&2; cd ..; find . ! -path '*/objects/*' -printf '%P %M\\n' | sort
                """
            let outcome = try ChildProcess(
                "sh", ["-ec", script], in: repository.path, environment: repository.environment
            ).run()
            #expect(outcome.status == 0, "\(outcome.errorText)")
            return outcome.text
        }
        #expect(listings[0] == listings[1])
        #expect(listings[0].contains("run.sh -rwx"))
    }
}
