import ArgumentParser
import FoundationEssentials

extension CommandTable {
    /// Reads the command definition.
    init() {
        let text = Array(WTCommand._dumpHelp().utf8)
        guard let root = try? JSONDecoder().decode(Definition.self, from: Data(text)).command else { return }
        // The parser's own help comes behind wt's.
        var seen: Set<String> = []
        let definitions = (root.subcommands ?? []).filter { seen.insert($0.commandName).inserted }
        commands = definitions.filter { $0.shouldDisplay ?? true }.map { definition in
            var command = Command(names: [definition.commandName] + (definition.aliases ?? []))
            command.abstract = Self.shortened(definition.abstract)
            for argument in definition.arguments ?? [] where argument.shouldDisplay {
                if argument.kind == "positional" {
                    command.arguments.append(argument.values)
                    command.repeats = argument.isRepeating
                } else {
                    let names = (argument.names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name }
                    let value = argument.kind == "option" ? argument.values : nil
                    command.options.append(
                        Option(names: names.sorted(), value: value, abstract: Self.shortened(argument.abstract)))
                }
            }
            return command
        }
    }

    /// The first sentence on one line.
    private static func shortened(_ abstract: String?) -> String {
        let line = (abstract ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.firstRange(of: ". ").map { String(line[..<$0.lowerBound]) }
            ?? (line.hasSuffix(".") ? String(line.dropLast()) : line)
    }
}

/// What ArgumentParser tells of a command (`ToolInfoV0` in its module ArgumentParserToolInfo), as far as it is used.
struct Definition: Decodable {
    struct Command: Decodable {
        let commandName: String
        let aliases: [String]?
        let abstract: String?
        let shouldDisplay: Bool?
        let subcommands: [Command]?
        let arguments: [Argument]?
    }

    struct Argument: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String
        }

        let kind: String
        let names: [Name]?
        let valueName: String?
        let allValues: [String]?
        let isRepeating: Bool
        let shouldDisplay: Bool
        let abstract: String?

        var values: CommandTable.Values {
            allValues.map { .listed($0) } ?? valueName.flatMap { CommandTable.Values(named: $0) } ?? .free
        }
    }

    let command: Command
}
