import ChildProcess
import TestSupport
import Testing

/// `wt help`, outside of any repository.
@Suite struct HelpTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func wt(_ words: String...) throws -> ChildProcess.Outcome {
        try runWT(words, in: directory.path, environment: TestEnvironment.plain)
    }

    @Test func aloneItIsTheOverview() throws {
        let help = try wt("help")
        #expect(help.status == 0 && help.errorText == "")
        #expect(help.text == (try wt("--help").text))
        #expect(help.text.contains("exit-codes"))
    }

    @Test(arguments: ["new", "list", "ls", "rm"]) func aCommandByNameOrAlias(name: String) throws {
        let help = try wt("help", name)
        #expect(help.status == 0 && help.text.contains("USAGE: wt "))
        #expect(help.text == (try wt(name, "--help").text))
    }

    @Test func everyTopicFitsTheScreen() throws {
        let names = try wt("help", "--topics").text.split(separator: "\n").map(String.init)
        #expect(names.count > 5)
        let list = try wt("help", "help").text
        for name in names {
            let topic = try wt("help", name)
            #expect(topic.status == 0 && topic.text.count > 200 && topic.errorText == "", "\(name)")
            for line in topic.text.split(separator: "\n") { #expect(line.count <= 80, "\(name): \(line)") }
            #expect(list.contains("  \(name) "))
        }
    }

    @Test(arguments: [("setings", "settings"), ("exit-code", "exit-codes"), ("lst", "list"), ("Safty", "safety")])
    func aSlipIsNamed(wrong: String, right: String) throws {
        let help = try wt("help", wrong)
        #expect(help.status == 64 && help.text == "")
        #expect(help.errorText.contains("wt: there is no help on '\(wrong)'\nhint: wt help \(right)\n"))
    }

    @Test func whatIsLikeNothingHasTheList() throws {
        let help = try wt("help", "completely", "unlike")
        #expect(help.status == 64)
        #expect(help.errorText.hasPrefix("wt: there is no help on 'completely unlike'\nhint: the topics are names, "))
    }
}
