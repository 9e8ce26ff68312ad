import ChildProcess
import Foundation
import SystemPackage

/// The manual: everything in it is what the program itself says.
struct Manual {
    /// A file and what is in it.
    typealias Page = (name: String, text: String)

    private let root: ToolDescription.Command
    private let version: String
    private let date: String
    /// The texts of `wt help <topic>`, in order.
    private let topics: [(name: String, text: String)]

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Asks the program for all that is needed. Throws `Failure` when it does not answer as expected.
    init(ofProgram program: String, date: String) throws {
        func ask(_ words: String...) throws -> String {
            let outcome = try ChildProcess(program, words, environment: [:]).run()
            guard outcome.status == 0 else {
                throw Failure(description: "\(program) \(words.joined(separator: " ")): \(outcome.errorText)")
            }
            return outcome.text
        }
        let dump = try ask("--experimental-dump-help")
        let tool = try JSONDecoder().decode(ToolDescription.self, from: Data(dump.utf8))
        guard tool.serializationVersion == 0 else { throw Failure(description: "an unknown form of the dumped help") }
        root = tool.command
        version = try ask("--version").trimmingCharacters(in: .newlines)
        self.date = date
        topics = try ask("help", "--topics").split(separator: "\n").map { (String($0), try ask("help", String($0))) }
    }

    /// `wt.1`, and `wt-new.1` and so on.
    var pages: [Page] {
        [("wt.1", overview)] + root.shownSubcommands.flatMap { pages(of: $0, named: ["wt", $0.commandName]) }
    }

    private func pages(of command: ToolDescription.Command, named path: [String]) -> [Page] {
        let own = (path.joined(separator: "-") + ".1", page(of: command, named: path))
        return [own] + command.shownSubcommands.flatMap { pages(of: $0, named: path + [$0.commandName]) }
    }

    private func begin(_ path: [String], _ command: ToolDescription.Command) -> Roff {
        let name = path.joined(separator: "-")
        var page = Roff(page: name, date: date, version: version)
        page.section("Name")
        let abstract = command.abstract ?? ""
        // A sentence in the help, half of one behind the name of a page.
        page.line("\(name) - " + abstract.prefix(1).lowercased() + abstract.dropFirst().trimmingSuffix("."))
        page.section("Synopsis")
        return page
    }

    private var overview: String {
        var page = begin(["wt"], root)
        page.raw(Roff.bold("wt") + " " + Roff.italic("command") + " [" + Roff.italic("option") + " ...]")
        page.section("Description")
        page.prose(root.discussion ?? "")
        page.section("Commands")
        for command in root.shownSubcommands {
            let names = ([command.commandName] + (command.aliases ?? [])).map { Roff.bold("wt \($0)") }
            page.item(names.joined(separator: ", "), [command.abstract ?? ""])
        }
        page.options(root)
        for topic in topics {
            page.section(topic.name.replacing("-", with: " "))
            page.prose(topic.text)
        }
        page.section("See also")
        let others = root.shownSubcommands.map { "wt-\($0.commandName)(1)" } + ["git-worktree(1)", "cargo(1)"]
        page.line(others.joined(separator: ", "))
        return page.text
    }

    private func page(of command: ToolDescription.Command, named path: [String]) -> String {
        var page = begin(path, command)
        page.raw(Self.synopsis(of: command, named: path))
        if let aliases = command.aliases, !aliases.isEmpty {
            page.section("Aliases")
            page.line(aliases.map { (path.dropLast() + [$0]).joined(separator: " ") }.joined(separator: ", "))
        }
        if let discussion = command.discussion {
            page.section("Description")
            page.prose(discussion)
        }
        page.options(command)
        page.section("Exit status")
        page.line(
            "0 done; 1 refused or failed, nothing lost; 2 done, with a warning; 64 usage; 130 interrupted and undone.")
        page.section("See also")
        page.line("wt(1)")
        return page.text
    }

    private static func synopsis(of command: ToolDescription.Command, named path: [String]) -> String {
        var words = [Roff.bold(path.joined(separator: " "))]
        if !command.shownSubcommands.isEmpty { words.append(Roff.italic("command")) }
        if command.shownArguments.contains(where: { !$0.isPositional }) {
            words.append("[" + Roff.italic("option") + " ...]")
        }
        for argument in command.shownArguments where argument.isPositional {
            let name = Roff.italic(argument.valueName ?? "") + (argument.isRepeating ? " ..." : "")
            words.append(argument.isOptional ? "[\(name)]" : name)
        }
        return words.joined(separator: " ")
    }
}

extension Roff {
    /// What can stand behind a command, each with its meaning.
    mutating func options(_ command: ToolDescription.Command) {
        for (title, arguments) in [
            ("Arguments", command.shownArguments.filter(\.isPositional)),
            ("Options", command.shownArguments.filter { !$0.isPositional }),
        ] where !arguments.isEmpty {
            section(title)
            for argument in arguments { item(argument.term, argument.paragraphs) }
        }
    }
}

extension ToolDescription.Argument {
    fileprivate var term: String {
        if isPositional { return Roff.italic(valueName ?? "") }
        let value = kind == "option" ? " " + Roff.italic(valueName ?? "") : ""
        return spellings.map { Roff.bold($0) }.joined(separator: ", ") + value
    }

    fileprivate var paragraphs: [String] {
        var notes: [String] = []
        if let allValues, !allValues.isEmpty { notes.append("one of \(allValues.joined(separator: ", "))") }
        if let defaultValue { notes.append("default: \(defaultValue)") }
        let note = notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))"
        return [(abstract ?? "") + note] + (discussion.map { [$0] } ?? [])
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ suffix: String) -> Substring { hasSuffix(suffix) ? dropLast(suffix.count) : self }
}
