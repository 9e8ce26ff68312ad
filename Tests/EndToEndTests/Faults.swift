import ChildProcess
import FileTree
import SystemPackage
import TestSupport

/// Runs programs of which one file-system call fails or is the last one: see `faults.c` in the fixtures.
struct Faults: Sendable {
    /// What is done to the call of this number, counted from 1.
    enum Fault: Hashable, Sendable, CustomStringConvertible {
        /// It fails, with the error whose turn it is among those that it can have.
        case fail(Int, turn: Int)
        /// From it on there is no room for anything.
        case full(Int)
        /// `kill -9` comes first.
        case kill(Int)

        /// Its number.
        var number: Int {
            switch self {
            case .fail(let number, _), .full(let number), .kill(let number): number
            }
        }

        /// As the program takes it, and as the tests name it: `fail 17 2`, `full 17` or `kill 17`.
        var description: String { words.joined(separator: " ") }

        fileprivate var words: [String] {
            switch self {
            case .fail(let number, let turn): ["fail", "\(number)", "\(turn)"]
            case .full(let number): ["full", "\(number)"]
            case .kill(let number): ["kill", "\(number)"]
            }
        }

        /// Reads what `description` wrote; nil for anything else.
        init?(_ words: [Substring]) {
            guard words.count >= 2, let number = Int(words[1]) else { return nil }
            switch (words[0], words.count) {
            case ("fail", 3):
                guard let turn = Int(words[2]) else { return nil }
                self = .fail(number, turn: turn)
            case ("full", 2): self = .full(number)
            case ("kill", 2): self = .kill(number)
            default: return nil
            }
        }
    }

    /// A call that the program has made of a file below the root.
    struct Call: Sendable, CustomStringConvertible {
        /// For example `openat`.
        let name: String
        /// The errors that it can have, for example `EIO`, in the order of their turns.
        let errors: [String]
        /// The one that it was given.
        let given: String?
        /// The file.
        let path: String
        /// All of that.
        var description: String { "\(name) \(path)" + (given.map { ": \($0)" } ?? "") }
    }

    private let program: FilePath
    private let log: FilePath
    private let root: FilePath

    /// Only calls that concern files at or below `root` count. The program is compiled into `directory`, outside of it.
    /// Throws `TestFailure` where that cannot be done.
    init(below root: FilePath, in directory: FilePath) throws {
        program = directory.appending("faults")
        log = directory.appending("faults.log")
        self.root = root
        let tests = FilePath(#filePath).removingLastComponent().removingLastComponent()
        let source = tests.pushing("TestSupport/Fixtures/Faults/faults.c")
        let outcome = try ChildProcess(
            "cc", ["-O1", "-o", program.string, source.string], environment: TestEnvironment.plain
        ).run()
        guard outcome.status == 0 else { throw TestFailure("cc: \(outcome.errorText)") }
    }

    /// Runs `words`, the first of which is a program's path. Returns what came of it, and the calls in their order. Throws
    /// `TestFailure` when the kernel cannot hand calls over.
    func run(
        _ words: [String], _ fault: Fault? = nil, in directory: FilePath, environment: [String: String]
    ) throws -> (outcome: ChildProcess.Outcome, calls: [Call]) {
        let arguments = [log.string, root.string] + (fault?.words ?? ["count"]) + ["--"] + words
        // What is kept in hash tables would be handled in another order each time.
        let settings = environment.merging(["SWIFT_DETERMINISTIC_HASHING": "1"]) { $1 }
        let outcome = try ChildProcess(program.string, arguments, in: directory, environment: settings).run()
        guard outcome.status != 125 else { throw TestFailure(outcome.errorText) }
        let lines = String(decoding: try readFile(log), as: UTF8.self).split(separator: "\n")
        return (outcome, lines.compactMap(Call.init))
    }
}

extension Faults.Call {
    fileprivate init?(_ line: Substring) {
        let words = line.split(separator: " ", maxSplits: 4)
        guard words.count == 5 else { return nil }
        name = String(words[1])
        errors = words[2].split(separator: ",").map(String.init)
        given = words[3] == "-" ? nil : String(words[3])
        path = String(words[4])
    }
}
