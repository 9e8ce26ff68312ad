/// What can be typed behind `wt`: taken from the command definition when a script is printed, and handed back by the
/// script at each TAB as text, which is read in no time.
struct CommandTable {
    struct Command {
        /// Its name, and its aliases.
        var names: [String] = []
        var abstract = ""
        var options: [Option] = []
        /// One for each positional argument.
        var arguments: [Values] = []
        /// Whether the last one can be repeated.
        var repeats = false
    }

    struct Option {
        let names: [String]
        /// What it takes; nil for a flag.
        let value: Values?
        let abstract: String
    }

    /// What an argument or the value of an option can be, by its value name in the help.
    enum Values: Equatable {
        case worktrees, branches, startPoints, directories, commands
        case listed([String])
        /// Nothing that could be completed.
        case free

        /// Nil for a name that is neither known here nor known to be free.
        init?(named name: String) {
            switch name {
            case "worktree", "worktrees": self = .worktrees
            case "branch": self = .branches
            case "start-point": self = .startPoints
            case "dir": self = .directories
            case "subcommands", "topic": self = .commands
            case "age", "text", "command", "agent": self = .free
            default: return nil
            }
        }
    }

    var commands: [Command] = []

    /// Options that may stand in front of the command, too: those that every command has.
    var commonOptions: [Option] {
        guard let first = commands.first else { return [] }
        let others = commands.dropFirst().filter { $0.names != ["help"] }
        return first.options.filter { option in
            others.allSatisfy { $0.options.contains { $0.names == option.names } }
        }
    }

    func command(_ name: String) -> Command? { commands.first { $0.names.contains(name) } }

    /// One line for each command, argument and option: its kind, its names, its value and its description, with tabs
    /// between. Aliases, and the values of a list, have spaces between.
    var text: String {
        commands.map { command in
            ["c\t\(command.names.joined(separator: " "))\t\t\(command.abstract)\n"]
                + command.arguments.map { "a\t\(command.repeats ? "*" : "")\t\($0.text)\t\n" }
                + command.options.map {
                    "o\t\($0.names.joined(separator: " "))\t\($0.value?.text ?? "")\t\($0.abstract)\n"
                }
        }.joined().joined()
    }

    /// Reads `text`; lines that are not understood are passed over.
    init(_ text: String) {
        // By its bytes, not by characters: a carriage return and the line's end would be one.
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
                .map { String(Substring($0)) }
            guard fields.count == 4 else { continue }
            let names = words(fields[1].utf8[...])
            if fields[0] == "c" { commands.append(Command(names: names, abstract: fields[3])) }
            guard let last = commands.indices.last else { continue }
            if fields[0] == "o" {
                let value = fields[2].isEmpty ? nil : Values(text: fields[2])
                commands[last].options.append(Option(names: names, value: value, abstract: fields[3]))
            } else if fields[0] == "a" {
                commands[last].arguments.append(Values(text: fields[2]))
                commands[last].repeats = fields[1] == "*"
            }
        }
    }
}

extension CommandTable.Values {
    /// As in the table's text.
    fileprivate var text: String {
        switch self {
        case .worktrees: "worktrees"
        case .branches: "branches"
        case .startPoints: "start-points"
        case .directories: "directories"
        case .commands: "commands"
        case .listed(let values): "= " + values.joined(separator: " ")
        case .free: "free"
        }
    }

    fileprivate init(text: String) {
        let known: [Self] = [.worktrees, .branches, .startPoints, .directories, .commands]
        self =
            known.first { $0.text == text }
            ?? (text.utf8.starts(with: "= ".utf8) ? .listed(words(text.utf8.dropFirst(2))) : .free)
    }
}

private func words(_ text: Substring.UTF8View) -> [String] {
    text.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
}
