import Foundation
import TestSupport
import Testing

/// Every command that changes something, with a system that fails it.
///
/// Without anything else each takes a part of all possible faults: calls spread over the whole run, each with one of the
/// errors that it can have, and every kind of call with each of its errors once. `WT_FAULTS=all` takes all; a number begins
/// at another call, so that other calls get their turn; and the words that a failure prints, such as
/// `WT_FAULTS='seed fail 17 2'`, do that one alone.
@Suite struct FaultTests {
    private enum Choice {
        case part(shift: Int), all, one(String, Faults.Fault)

        init() throws {
            let text = ProcessInfo.processInfo.environment["WT_FAULTS"] ?? "0"
            let words = text.split(separator: " ")
            if text == "all" {
                self = .all
            } else if let shift = Int(text), shift >= 0 {
                self = .part(shift: shift)
            } else if let name = words.first.map(String.init), FaultScenario(rawValue: name) != nil,
                let fault = Faults.Fault(Array(words.dropFirst()))
            {
                self = .one(name, fault)
            } else {
                throw TestFailure("WT_FAULTS is '\(text)': neither 'all' nor a number nor a fault")
            }
        }
    }

    /// A call that fails once, whatever it is; and no room from a call on.
    @Test(arguments: FaultScenario.allCases) func aCallFails(_ scenario: FaultScenario) throws {
        try carryOut(scenario) { calls, choice in
            switch choice {
            case .one(_, .kill): []
            case .one(_, let fault): [fault]
            case .all: Self.allFailures(calls, calls.indices)
            case .part(let shift):
                Self.allFailures(calls, scenario.mended(calls)) + Self.someFailures(calls, shift)
            }
        }
    }

    /// `kill -9` at any moment.
    @Test(arguments: FaultScenario.allCases) func aCallIsTheLast(_ scenario: FaultScenario) throws {
        try carryOut(scenario) { calls, choice in
            let points = Self.kills(calls)
            return switch choice {
            case .one(_, .kill(let number)): [.kill(number)]
            case .one: []
            case .all: points
            case .part(let shift):
                // Before each of those calls, and after it.
                scenario.mended(calls).flatMap { [.kill($0 + 1), .kill($0 + 2)] } + Self.spread(points, 24, shift)
            }
        }
    }

    private func carryOut(
        _ scenario: FaultScenario, _ faults: ([Faults.Call], Choice) -> [Faults.Fault]
    ) throws {
        let choice = try Choice()
        if case .one(let name, _) = choice, name != scenario.rawValue { return }
        let trial = try FaultTrial(scenario)
        let chosen = faults(trial.calls, choice)
        for fault in chosen {
            let problems = try trial.attempt(fault)
            #expect(problems == [])
        }
        print("\(scenario): \(trial.calls.count) calls, \(chosen.count) faults, \(trial.distinct) different ends")
        if case .one = choice { return }
        #expect(trial.distinct > 1, "nothing has come of any fault")
    }

    // MARK: Which

    private static func allFailures(_ calls: [Faults.Call], _ indices: some Sequence<Int>) -> [Faults.Fault] {
        var faults: [Faults.Fault] = []
        for index in indices {
            let errors = calls[index].errors
            for turn in errors.indices { faults.append(.fail(index + 1, turn: turn)) }
            if errors.contains("ENOSPC") { faults.append(.full(index + 1)) }
        }
        return faults
    }

    private static func someFailures(_ calls: [Faults.Call], _ shift: Int) -> [Faults.Fault] {
        let numbers = spread(Array(calls.indices), 80, shift)
        var faults = numbers.enumerated().map { Faults.Fault.fail($1 + 1, turn: $0 + shift) }
        var covered: Set<String> = []
        for (turn, index) in numbers.enumerated() {
            let errors = calls[index].errors
            covered.insert("\(calls[index].name) \(errors[(turn + shift) % errors.count])")
        }
        // Each kind of call with each error: those of a kind take turns from its middle on.
        for (name, own) in Dictionary(grouping: calls.indices, by: { calls[$0].name }).sorted(by: { $0.key < $1.key }) {
            let errors = calls[own[0]].errors
            for (turn, error) in errors.enumerated() where covered.insert("\(name) \(error)").inserted {
                let index = own[(own.count / 2 + shift + turn) % own.count]
                guard let turn = calls[index].errors.firstIndex(of: error) else { continue }
                faults.append(.fail(index + 1, turn: turn))
            }
        }
        let writing = calls.indices.filter { calls[$0].errors.contains("ENOSPC") }
        return faults + spread(writing, 8, shift).map { .full($0 + 1) }
    }

    /// Before the first call that changes something, and after each: what only reads leaves what was there before.
    private static func kills(_ calls: [Faults.Call]) -> [Faults.Fault] {
        let changing = Set([
            "write", "pwrite64", "writev", "copy_file_range", "sendfile", "ftruncate", "ioctl", "utimensat",
        ])
        let naming = ["mkdir", "link", "rename", "unlink", "rmdir", "symlink", "chmod", "chown"]
        func changes(_ call: Faults.Call) -> Bool {
            changing.contains(call.name) || naming.contains { call.name.contains($0) && call.name.prefix(4) != "read" }
                || call.name.hasPrefix("open") && call.errors.contains("ENOSPC")
        }
        return calls.indices.filter { $0 == 0 || changes(calls[$0 - 1]) }.map { .kill($0 + 1) }
    }

    /// So many, at equal distances.
    private static func spread<Element>(_ all: [Element], _ count: Int, _ shift: Int) -> [Element] {
        guard all.count > count else { return all }
        let step = all.count / count
        return stride(from: shift % step, to: all.count, by: step).map { all[$0] }
    }
}
