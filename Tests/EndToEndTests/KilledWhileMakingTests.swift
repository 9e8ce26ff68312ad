import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// `kill -9` while a worktree is being made: git is content with what is left, and the next command takes it away.
@Suite struct KilledWhileMakingTests {
    /// At points spread over the whole run. git, where it is at work at that moment, lives on and is waited for.
    @Test(
        arguments: MakingPlace.Way.allCases, [["deep/new"], ["far"], ["--detach", "topic"]])
    func theNextCommandClearsUp(_ way: MakingPlace.Way, _ arguments: [String]) throws {
        let place = try MakingPlace(way)
        let count = arguments == ["deep/new"] ? 12 : 4
        let points = try place.points(count, arguments)
        let before = try place.snapshot()
        var cleared = 0
        var missed = 0
        for (number, call) in points.enumerated() {
            let (outcome, _) = try place.trace(arguments, injecting: ("SIGKILL", at: call))
            if outcome.status == 0 {
                // How often it looks for what git has started depends on how long that takes.
                missed += 1
                try place.check()
                try place.takeAway(arguments)
                continue
            }
            #expect(outcome.status == 128 + SIGKILL, "\(call.line): \(outcome.errorText)")
            try place.waitForOrphans()
            try place.repository.git("worktree", "prune")
            #expect(try place.repository.git("worktree", "list").contains(place.repository.path.string))
            // The same again must work just as well as any other command.
            let again = !number.isMultiple(of: 3)
            let next = try place.run(again ? [place.words([])[0], "list", "--no-size"] : place.words(arguments))
            if next.errorText.contains("cleared up: ") { cleared += 1 }
            let isComplete = FileStatus.ifPresent(place.path.appending(".git")) != nil
            if isComplete, again || next.status == 0 {
                #expect(next.status == 0)
                try place.check()
                try place.takeAway(arguments)
            } else {
                // It was complete already, so that it could not be made again.
                #expect(next.status == (again ? 0 : 1), "\(call.line): \(next.errorText)")
                if isComplete {
                    try place.check()
                    try place.takeAway(arguments)
                }
            }
            let left = try place.snapshot().leftovers(since: before)
            #expect(left == [], "\(call.line)")
            try place.repository.git("fsck", "--no-progress")
        }
        #expect(cleared > 0)
        #expect(missed <= count / 4)
    }

    /// A program that git runs in the middle of its work kills everything: git, `wt` and itself.
    @Test(arguments: [
        "filter", "reference-transaction prepared refs/heads/", "reference-transaction committed refs/heads/",
        "reference-transaction prepared HEAD", "reference-transaction committed HEAD", "post-index-change",
        "post-checkout",
    ])
    func everythingIsKilled(_ moment: String) throws {
        let place = try MakingPlace(.git)
        let words = moment.split(separator: " ").map(String.init)
        let flag = place.directory.appending("armed.log")
        let kill = "[ ! -e '\(flag)' ] || { rm '\(flag)'; kill -9 0; }"
        if moment == "filter" {
            try place.makeFilter(kill)
        } else {
            let condition = words.count == 1 ? "" : "[ \"$1\" = \(words[1]) ] && grep -q ' \(words[2])' && "
            let hook = place.repository.path.pushing(FilePath(".git/hooks/\(words[0])"))
            try makeProgram(hook, "#!/bin/sh\n\(condition){ \(kill); }\nexit 0\n")
        }
        let before = try place.snapshot()
        try Data().write(to: URL(fileURLWithPath: flag.string))
        // In a process group of its own.
        let outcome = try place.run(["setsid", "--wait"] + place.words(["deep/new"]))
        #expect(outcome.status == 128 + SIGKILL, "\(outcome.errorText)")
        try #require(FileStatus.ifPresent(flag) == nil, "it was never reached")
        try place.waitForOrphans()
        try place.repository.git("worktree", "prune")
        let list = try place.run([place.words([])[0], "list", "--no-size"])
        #expect(list.status == 0)
        // git updates HEAD when files and index are complete.
        let isComplete = words.contains("HEAD") || moment.hasPrefix("post-")
        #expect(isComplete == (FileStatus.ifPresent(place.path) != nil))
        // Before the branch is made there is nothing to speak of.
        let isMade = moment == "filter" || moment.contains("committed")
        if !isComplete { #expect(list.errorText.contains("cleared up: ") == isMade) }
        if isComplete {
            try place.check()
            // No lock of git's is left, be it on the index, HEAD or the branch.
            try place.repository.git("reset", "--hard", "--quiet", in: place.path)
            try place.repository.git("update-ref", "HEAD", "HEAD", in: place.path)
            try place.takeAway(["deep/new"])
        }
        let left = try place.snapshot().leftovers(since: before)
        #expect(left == [])
        try #require(try place.run(place.words(["deep/new"])).status == 0)
        try place.check()
    }
}
