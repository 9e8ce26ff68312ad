import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// The manual, as it is written from the program that was built with these tests.
@Suite struct ManualTests {
    let directory: TemporaryDirectory
    let pages: [String: String]

    init() throws {
        directory = try TemporaryDirectory()
        pages = try Self.write(to: directory.path.appending("man1"))
    }

    private static func write(to directory: FilePath) throws -> [String: String] {
        let words = [productsDirectory.appending("wt").string, directory.string, "2026-01-02"]
        let outcome = try ChildProcess(
            productsDirectory.appending("wt-manual").string, words, environment: TestEnvironment.plain
        ).run()
        guard outcome.status == 0 else { throw TestFailure("wt-manual: \(outcome.errorText)") }
        var pages: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.string) {
            pages[name] = String(decoding: try readFile(directory.appending(name)), as: UTF8.self)
        }
        return pages
    }

    /// What the program says about itself: its commands that are not hidden, as names with their options.
    private func commands() throws -> [(name: String, options: [String])] {
        let dump = try runWT(["--experimental-dump-help"], in: directory.path, environment: TestEnvironment.plain)
        let tool = try JSONSerialization.jsonObject(with: Data(dump.output)) as? [String: Any]
        let root = try #require(tool?["command"] as? [String: Any])
        let all = root["subcommands"] as? [[String: Any]] ?? []
        return all.filter { $0["shouldDisplay"] as? Bool != false }.map { command in
            let arguments = command["arguments"] as? [[String: Any]] ?? []
            let names = arguments.filter { $0["shouldDisplay"] as? Bool != false }.flatMap { argument in
                (argument["names"] as? [[String: Any]] ?? []).map { name in
                    (name["kind"] as? String == "long" ? "--" : "-") + (name["name"] as? String ?? "")
                }
            }
            return (command["commandName"] as? String ?? "", names)
        }
    }

    private func rendered(_ page: String) throws -> String {
        let path = directory.path.appending("man1").appending(page).string
        let outcome = try ChildProcess(
            "groff", ["-man", "-Tascii", "-P-cbou", "-rLL=80n", path], environment: TestEnvironment.plain
        ).run()
        guard outcome.status == 0 else { throw TestFailure("groff: \(outcome.errorText)") }
        return outcome.text
    }

    @Test(arguments: [
        ["mandoc", "-T", "lint", "-W", "warning"], ["groff", "-man", "-ww", "-z", "-Tutf8"],
    ])
    func noPageHasAWarning(words: [String]) throws {
        #expect(pages.count > 8)
        let paths = pages.keys.sorted().map { directory.path.appending("man1").appending($0).string }
        let outcome = try ChildProcess(words[0], words.dropFirst() + paths, environment: TestEnvironment.plain).run()
        #expect(
            outcome.status == 0 && outcome.text == "" && outcome.errorText == "", "\(outcome.text)\(outcome.errorText)")
    }

    @Test func everyCommandAndOptionHasItsPlace() throws {
        let overview = try rendered("wt.1")
        let commands = try commands()
        #expect(commands.count > 8)
        for command in commands {
            #expect(overview.contains("wt \(command.name)"))
            let page = try rendered("wt-\(command.name).1")
            for option in command.options {
                let found = page.split(separator: "\n").contains {
                    $0.hasPrefix("       \(option)") || $0.contains(", \(option)")
                }
                #expect(found, "\(option) of \(command.name)")
            }
        }
        #expect(pages.keys.allSatisfy { !$0.contains("empty-trash") } && !overview.contains("empty-trash"))
    }

    /// Every topic of the help is a section, with its columns as they are.
    @Test func everyTopicIsASection() throws {
        let overview = try rendered("wt.1")
        let names = try runWT(["help", "--topics"], in: directory.path, environment: TestEnvironment.plain).text
        #expect(names.contains("exit-codes\n"))
        for name in names.split(separator: "\n") {
            #expect(overview.contains("\n\(name.uppercased().replacing("-", with: " "))\n"), "\(name)")
        }
        #expect(overview.contains("         130  interrupted, and undone\n"))
    }

    @Test func theSameProgramHasTheSameManual() throws {
        #expect(try Self.write(to: directory.path.appending("again")) == pages)
        #expect(pages["wt.1"]?.contains("2026-01-02") == true)
    }
}
