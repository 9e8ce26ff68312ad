import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport

/// One command, over and over again, each time with another fault.
///
/// What is cheap to see is looked at after each attempt: the exit status, the words, the donor, the user's files. git, the
/// next `wt` and cargo are asked only where the attempt has left something that none before it has left: names, bytes,
/// modes, links, times that are not the donor's, or another status. See `FaultState`.
final class FaultTrial {
    let scenario: FaultScenario
    let place: FaultPlace
    /// The calls of an undisturbed run.
    private(set) var calls: [Faults.Call] = []
    /// What an undisturbed run says of the units that stay cold, where it seeds.
    private var warmth = ""
    private var invariants: Invariants
    private var seen: Set<FaultState> = []
    /// How many attempts there were.
    private(set) var attempts = 0
    /// How many of them left something new.
    var distinct: Int { seen.count }
    /// Errors that calls were given, as `name error`.
    private(set) var given: Set<String> = []

    /// Makes the place, and runs the command undisturbed. Throws `TestFailure` when that is not as it should be.
    init(_ scenario: FaultScenario) throws {
        self.scenario = scenario
        place = try FaultPlace()
        try scenario.prepare(place)
        try place.save()
        invariants = try Invariants(of: place.repository)
        try takeIn()
        let (outcome, found) = try run(nil)
        guard outcome.status == 0 else { throw TestFailure("\(scenario): \(outcome.errorText)") }
        calls = found
        warmth = outcome.errorText.firstMatch(of: /[0-9]+ cold/).map { String($0.0) } ?? ""
        let problems = try changes(TreeSnapshot(place.scene)) + settle(after: outcome, isKilled: false)
        guard problems == [] else { throw TestFailure("\(scenario), undisturbed: \(problems)") }
        try place.restore()
        try takeIn()
    }

    private func takeIn() throws {
        let trees = scenario == .dedupe ? [] : scenario.untouched(place)
        invariants = try Invariants(of: place.repository, untouched: trees, files: place.files)
        invariants.mayLose = scenario.mayLose
        invariants.members = ["app", "below", "build_script_build"]
    }

    private func run(_ fault: Faults.Fault?) throws -> (outcome: ChildProcess.Outcome, calls: [Faults.Call]) {
        let (words, directory) = scenario.words(place)
        try place.forgetWhereToGo()
        return try place.faults.run(
            [productsDirectory.appending("wt").string] + words, fault, in: directory,
            environment: place.environment.merging(scenario.settings(place)) { $1 })
    }

    /// The command once more, or another one, with nothing in its way.
    private func wt(_ words: [String], in directory: FilePath? = nil) throws -> ChildProcess.Outcome {
        try place.forgetWhereToGo()
        let outcome = try runWT(
            words, in: directory ?? place.repository.path,
            environment: place.environment.merging(scenario.settings(place)) { $1 })
        // What it has left to the background.
        let trash = place.repository.path.pushing(".git/wt-trash")
        for _ in 0..<1000 where FileStatus.ifPresent(trash) != nil { usleep(10_000) }
        return outcome
    }

    /// Runs the command with this fault. Returns all that is not as it should be, each line with what was done.
    func attempt(_ fault: Faults.Fault) throws -> [String] {
        attempts += 1
        let (outcome, made) = try run(fault)
        guard made.count >= fault.number else {
            // Nothing came in its way.
            guard outcome.status == 0 else { return ["\(fault): it was never reached: \(outcome.errorText)"] }
            try place.restore()
            try takeIn()
            return []
        }
        let call = made[fault.number - 1]
        for case (let call, let error?) in made.map({ ($0, $0.given) }) { given.insert("\(call.name) \(error)") }
        let isKilled = if case .kill = fault { true } else { false }
        let now = try TreeSnapshot(place.scene)
        var problems = try complaints(outcome, isKilled, call) + changes(now)
        let state = FaultState(now, since: place.start, outcome.status, in: scenario, place)
        if seen.insert(state).inserted {
            do {
                problems += try settle(after: outcome, isKilled: isKilled)
            } catch {
                problems.append("\(error)")
            }
        }
        if try FaultState.differs(TreeSnapshot(place.scene), from: place.start) {
            try place.restore()
            try takeIn()
        }
        return problems.map { "WT_FAULTS='\(scenario) \(fault)' \(call): status \(outcome.status): \($0)" }
    }

    // MARK: Looked at every time

    private func complaints(
        _ outcome: ChildProcess.Outcome, _ isKilled: Bool, _ call: Faults.Call
    ) -> [String] {
        if isKilled { return outcome.status == 128 + SIGKILL ? [] : ["not killed: \(outcome.errorText)"] }
        let lines = outcome.errorText.split(separator: "\n")
        switch outcome.status {
        case 0:
            // Of what cannot be read in the donor, nothing is proven, and so it stays cold; what cannot be written is a
            // failure, and needs a word.
            guard scenario.seeds, call.path.contains("\(scenario.worktreeName)/target/") else { return [] }
            let isLess = !lines.contains { $0.contains(warmth) }
            return isLess ? ["less warm, and no warning: \(outcome.errorText)"] : []
        case 1:
            let errors = lines.filter { $0.hasPrefix("wt: ") }
            return errors.count == 1 ? [] : ["not one error: \(outcome.errorText)"]
        case 2:
            return lines.contains { $0.hasPrefix("warning: ") } ? [] : ["no warning: \(outcome.errorText)"]
        default: return ["it ended badly: \(outcome.errorText)"]
        }
    }

    /// What has changed in worktrees in which nothing may change. Of `wt dedupe` the inodes of files do, and, where it is
    /// killed, the times of directories.
    private func changes(_ now: TreeSnapshot) throws -> [String] {
        let roots = scenario.untouched(place).map { $0.lastComponent!.string + "/" }
        func isIn(_ name: String) -> Bool {
            roots.contains { name.hasPrefix($0) && !name.hasPrefix("\($0).git") && !name.contains("/.wt-dedupe-") }
        }
        return Set(now.entries.keys).union(place.start.entries.keys).filter(isIn).sorted().compactMap { name in
            let (old, new) = (place.start.entries[name], now.entries[name])
            if old == new { return nil }
            if let old, let new, scenario == .dedupe {
                if old.kind == .directory, new.kind == .directory, old.mode == new.mode { return nil }
                if old.withoutInode == new.withoutInode { return nil }
            }
            return "\(name) has changed"
        }
    }

    // MARK: Looked at where it is new

    private func settle(after outcome: ChildProcess.Outcome, isKilled: Bool) throws -> [String] {
        var problems: [String] = []
        let (words, directory) = scenario.words(place)
        // Only the next `wt dedupe` looks into build directories for what a killed one has left.
        // Without a `wt prune` git goes on listing what is gone.
        let takesItself = [.dedupe, .prune].contains(scenario)
        let next = try wt(takesItself ? words : ["list", "--no-size"])
        if next.status != 0 { problems.append("the next wt: status \(next.status): \(next.errorText)") }
        problems += try violations(isKilled)
        let worktree = place.path(scenario.worktreeName)
        let isThere = FileStatus.ifPresent(worktree) != nil
        problems += try worktreeFaults(worktree, isThere, after: outcome.status, isKilled)
        // The same again comes to a good end.
        let again = try wt(words, in: FileStatus.ifPresent(directory) == nil ? nil : directory)
        problems += try faultsOfRepetition(again, isThere)
        problems += try violations(isKilled)
        for path in [place.repository.path, worktree] where FileStatus.ifPresent(path) != nil {
            problems += try buildFaults(path)
        }
        return problems
    }

    /// Killed in the moment between making a lock of git's and marking it, `wt` leaves what git leaves when it is killed: a
    /// lock that nothing tells from one in use.
    private func violations(_ isKilled: Bool) throws -> [String] {
        let found = try invariants.violations()
        guard isKilled else { return found }
        return found.filter { line in
            guard line.hasSuffix(".lock is left") else { return true }
            return FileStatus.ifPresent(FilePath(String(line.dropLast(" is left".count))))?.size != 0
        }
    }

    private func worktreeFaults(
        _ worktree: FilePath, _ isThere: Bool, after status: Int32, _ isKilled: Bool
    ) throws -> [String] {
        var problems: [String] = []
        switch scenario {
        case .newBranch, .newExisting, .newByGit:
            if !isKilled, isThere != (status != 1) { problems.append("it is \(isThere ? "there" : "not there")") }
            let branches = try place.repository.git("for-each-ref", "--format=%(refname:short)", "refs/heads")
            if !isThere, scenario != .newExisting, branches.contains("one") { problems.append("the branch is left") }
            if !isThere, FileStatus.ifPresent(place.path("above")) != nil { problems.append("'above' is left") }
        case .remove, .removeHere:
            if !isKilled, isThere != (status == 1) { problems.append("it is \(isThere ? "there" : "not there")") }
            if isThere, FileStatus.ifPresent(worktree.appending("mine.local")) == nil {
                problems.append("an ignored file is gone from a worktree that was not removed")
            }
        case .prune:
            if isThere { problems.append("it is there again") }
        case .seed, .clean, .cleanStale, .dedupe:
            if !isThere { problems.append("it is gone") }
        }
        guard isThere else { return problems }
        let head = try place.repository.git("symbolic-ref", "--short", "HEAD", in: worktree)
        if head != scenario.branch { problems.append("it is on \(head)") }
        let changes = try place.repository.git("status", "--porcelain", in: worktree)
        if changes != "" { problems.append("git status: \(changes)") }
        return problems
    }

    private func faultsOfRepetition(_ again: ChildProcess.Outcome, _ wasThere: Bool) throws -> [String] {
        let isDone =
            switch scenario {
            case .newBranch, .newExisting, .newByGit: wasThere
            case .remove, .removeHere: !wasThere
            default: false
            }
        // What is done already is refused.
        guard again.status == (isDone ? 1 : 0) else { return ["again: \(again.status): \(again.errorText)"] }
        return []
    }

    /// cargo's verdict: what is built says what it would say if it had been built from nothing, and is fresh then. The
    /// donor, and both of those whose files were relinked, are fresh as they are.
    private func buildFaults(_ worktree: FilePath) throws -> [String] {
        let isMain = worktree == place.repository.path
        let log = try place.workspace.build(in: worktree).log
        var problems: [String] = []
        if isMain || scenario == .dedupe, !log.compiledNothing { problems.append("\(worktree) is not fresh any more") }
        let branch = !isMain && scenario.branch == "topic" ? "topic" : "main"
        let value = try place.workspace.report(of: worktree)["value"]
        if value != "\(branch) 7 of the registry" { problems.append("\(worktree) says \(value ?? "nothing")") }
        if try !log.compiledNothing && !place.workspace.build(in: worktree).log.compiledNothing {
            problems.append("\(worktree): another build compiles again")
        }
        return problems
    }
}
