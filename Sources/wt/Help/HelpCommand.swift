import ArgumentParser
import SystemPackage
import Worktrees

/// `wt help`, in the place of the parser's own: it knows topics, too, and an unknown word is an error.
struct HelpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "help",
        abstract: "Show help on a command or a topic.",
        discussion: """
            The topics:
            \(HelpTopic.summary)

            The same texts are in the manual, man wt, where that is installed.
            """)

    @Argument(help: ArgumentHelp("A command or a topic; nothing for an overview.", valueName: "topic"))
    var words: [String] = []

    @Flag(help: "Print the names of the topics alone, one a line.")
    var topics = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if topics, !words.isEmpty { throw ValidationError("--topics stands alone.") }
    }

    func run() throws {
        if topics {
            for topic in HelpTopic.all { writeLine(topic.name, to: .standardOutput) }
            return
        }
        // Commands before topics: what is a command today must not be hidden by a text of tomorrow.
        if let command = WTCommand.command(named: words) { throw CleanExit.helpRequest(command) }
        if words.count == 1, let topic = HelpTopic.all.first(where: { $0.name == words[0] }) {
            return writeLine(topic.rendered, to: .standardOutput)
        }
        let failure = unknown(words.joined(separator: " "))
        Story(global).failed(failure)
        throw ExitStatus.of(failure)
    }

    private func unknown(_ name: String) -> Failure {
        let names = WTCommand.shownNames + HelpTopic.all.map(\.name)
        let nearest = nearestName(to: name, among: names).map { ["wt help \($0)"] } ?? []
        let topics = HelpTopic.all.map(\.name).joined(separator: ", ")
        return Failure(
            .usage, "there is no help on '\(name)'",
            hints: nearest + ["the topics are \(topics); wt help lists the commands"])
    }
}

extension WTCommand {
    /// The command that these words lead to, by names or aliases: `wt` itself for none; nil when there is no such command.
    fileprivate static func command(named words: [String]) -> ParsableCommand.Type? {
        var command: ParsableCommand.Type = WTCommand.self
        for word in words {
            let next = command.configuration.subcommands.first {
                $0.configuration.commandName == word || $0.configuration.aliases.contains(word)
            }
            guard let next else { return nil }
            command = next
        }
        return command
    }

    /// The names and aliases of the commands, less those that are hidden.
    fileprivate static var shownNames: [String] {
        var names: [String] = []
        for command in configuration.subcommands where command.configuration.shouldDisplay {
            if let name = command.configuration.commandName { names.append(name) }
            names += command.configuration.aliases
        }
        return names
    }
}
