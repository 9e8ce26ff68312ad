/// What swift-argument-parser prints for `--experimental-dump-help` (ToolInfoV0 in its ArgumentParserToolInfo), as far as
/// a manual needs it.
struct ToolDescription: Decodable {
    let serializationVersion: Int
    let command: Command

    struct Command: Decodable {
        let commandName: String
        let aliases: [String]?
        let abstract: String?
        let discussion: String?
        let shouldDisplay: Bool?
        let subcommands: [Command]?
        let arguments: [Argument]?

        /// Those that are not hidden. The parser's own `help` comes last, behind one that a program has defined itself.
        var shownSubcommands: [Command] {
            var names: Set<String> = []
            return (subcommands ?? []).filter { $0.shouldDisplay != false && names.insert($0.commandName).inserted }
        }

        var shownArguments: [Argument] { (arguments ?? []).filter { $0.shouldDisplay != false } }
    }

    struct Argument: Decodable {
        let kind: String
        let names: [Name]?
        let valueName: String?
        let isOptional: Bool
        let isRepeating: Bool
        let abstract: String?
        let discussion: String?
        let defaultValue: String?
        let allValues: [String]?
        let shouldDisplay: Bool?

        var isPositional: Bool { kind == "positional" }
        /// As it is typed, short names first.
        var spellings: [String] { (names ?? []).map(\.spelling).sorted { $0.count < $1.count } }
    }

    struct Name: Decodable {
        let kind: String
        let name: String

        var spelling: String { (kind == "long" ? "--" : "-") + name }
    }
}
