import Foundation
import TestSupport
import Testing

@Suite struct HookOutputTests {
    /// `cd "$(wt new x)"` must work whatever a hook prints, and its failure must not go unseen.
    @Test(arguments: ["false", "group"], [0, 3])
    func aHooksWordsGoToStandardError(shared: String, status: Int) throws {
        let directory = try TemporaryDirectory()
        let repository = try TestRepository(in: directory)
        try repository.commit()
        // With this set, git itself makes the worktree.
        try repository.git("config", "core.sharedRepository", shared)
        try makeProgram(
            repository.path.pushing(".git/hooks/post-checkout"),
            "#!/bin/sh\necho said; echo complained >&2; exit \(status)\n")
        let run = try runWT(["new", "x"], in: repository.path, environment: repository.environment)
        #expect(run.status == (status == 0 ? 0 : 2))
        #expect(run.text == "\(directory.appending("repository.x"))\n")
        #expect(run.errorText.contains("complained"))
        #expect(run.errorText.contains("warning: ") == (status != 0))
        if status == 0 || shared == "false" { #expect(run.errorText.contains("said\ncomplained\n")) }
    }
}
