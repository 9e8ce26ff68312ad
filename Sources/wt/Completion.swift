import FileTree
import Git
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The answer to TAB. The scripts of `wt shell` call `wt __complete <shell> <table> …`, which neither sets up a parser nor
/// starts a process.
struct Completion {
    let table: CommandTable
    /// The words behind `wt`, up to the one at the cursor.
    let words: [String]
    /// What there is of the word at the cursor.
    let word: String

    enum Answer {
        case names([String])
        case described([(name: String, description: String)])
        case directories
    }

    /// Prints what can stand at the cursor: for bash, which passes the line and what it takes for the word, quoted as
    /// needed there; for the others, which choose and quote themselves, all that the place allows.
    static func answer(_ arguments: [String]) {
        guard arguments.count >= 4, let shell = Shell(rawValue: arguments[1]) else { return }
        let table = CommandTable(arguments[2])
        let lines: [String]
        if shell == .bash {
            lines = BashLine(arguments[3], completing: arguments.count > 4 ? arguments[4] : "").answer(table)
        } else {
            let words = Array(arguments[3...])
            let completion = Completion(table: table, words: words.dropLast(), word: words.last ?? "")
            lines = shell == .zsh ? completion.linesForZsh : completion.linesForFish
        }
        write(Array(lines.map { $0 + "\n" }.joined().utf8), to: .standardOutput)
    }

    /// What is completed: the word, or its part behind `--option=`.
    var start: String { optionWithValue == nil ? "" : String(word.prefix { $0 != "=" }) + "=" }

    private var optionWithValue: CommandTable.Option? {
        guard word.hasPrefix("--"), word.contains("="), !words.contains("--") else { return nil }
        let name = String(word.prefix { $0 != "=" })
        return options.first { $0.value != nil && $0.names.contains(name) }
    }

    /// What can stand there, whatever its first letters are.
    var answer: Answer {
        if let value = optionWithValue?.value { return answer(value) }
        let place = self.place
        if let value = place.value { return answer(value) }
        if word.hasPrefix("-"), !place.isBehindDashes {
            return .described(options.flatMap { option in option.names.map { ($0, option.abstract) } })
        }
        guard let command = place.command else { return answer(.commands) }
        let arguments = command.arguments
        guard place.count < arguments.count || command.repeats, let last = arguments.last else { return .names([]) }
        return answer(place.count < arguments.count ? arguments[place.count] : last)
    }

    private var options: [CommandTable.Option] { place.command?.options ?? table.commonOptions }

    /// What the words before the cursor say of the place there: the command, how many arguments it has got, and what the
    /// option in front of the cursor wants.
    private var place: (command: CommandTable.Command?, count: Int, value: CommandTable.Values?, isBehindDashes: Bool) {
        var command: CommandTable.Command?
        var count = 0
        var value: CommandTable.Values?
        var isBehindDashes = false
        for word in words {
            if value != nil {
                value = nil
            } else if word == "--", !isBehindDashes {
                isBehindDashes = true
            } else if word.hasPrefix("-"), word != "-", !isBehindDashes {
                value = (command?.options ?? table.commonOptions).first { $0.names.contains(word) }?.value
            } else if command == nil {
                command = table.command(word) ?? CommandTable.Command()
            } else {
                count += 1
            }
        }
        return (command, count, value, isBehindDashes)
    }

    private func answer(_ values: CommandTable.Values) -> Answer {
        switch values {
        case .free: return .names([])
        case .directories: return .directories
        case .listed(let values): return .names(values)
        case .commands: return .described(table.commands.flatMap { one in one.names.map { ($0, one.abstract) } })
        case .branches: return .names(names?.branchesToCheckOut ?? [])
        case .startPoints:
            return .names((names?.localBranches ?? []) + (names?.remoteBranches.map(\.fullName) ?? []))
        case .worktrees:
            // wt switch can make one, too.
            let creates = words.contains("-c") || words.contains("--create")
            let all = (names?.worktrees ?? []) + (creates ? names?.branchesToCheckOut ?? [] : [])
            return .names(all.filter { !words.contains($0) })
        }
    }

    /// The repository at the place that `-C` names, or else here.
    private var names: KnownNames? {
        var place = FilePath(".")
        for (option, value) in zip(words, words.dropFirst()) where option == "-C" {
            let home = getenv("HOME").map { String(cString: $0) }
            place = FilePath(value.hasPrefix("~/") ? (home ?? "~") + value.dropFirst() : value)
        }
        guard let directory = realPath(place) else { return nil }
        return KnownNames(around: directory, gitDirectory: getenv("GIT_DIR").map { FilePath(platformString: $0) })
    }
}

extension Completion {
    /// `_describe` wants a colon between name and description; a first line says what follows.
    fileprivate var linesForZsh: [String] {
        switch answer {
        case .directories: ["directories"]
        case .names(let names): ["names"] + names
        case .described(let rows):
            ["described"]
                + rows.map { name, description in
                    "\(name.replacing(#"\"#, with: #"\\"#).replacing(":", with: #"\:"#)):\(description)"
                }
        }
    }

    fileprivate var linesForFish: [String] {
        switch answer {
        case .directories: [":directories"]
        case .names(let names): names.map { start + $0 }
        case .described(let rows): rows.map { "\($0)\t\($1)" }
        }
    }
}
