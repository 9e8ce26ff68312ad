import ChildProcess
import Foundation
import Git
import SystemPackage
import Testing

/// The syntax of git's configuration, read as `git config --file --no-includes --list` does.
@Suite struct ConfigurationTextTests {
    static let texts = [
        "", "\n\n", "[a]\nb = c\n", "[a] b = c", "[A.b]\nC=d", "[a \"B c\"]\n\tD-1 = e", "[a]\nb", "[a]\nb\nc=",
        "[a]b=",
        "# x\n; y\n[a] # z\n; w\nb = c # d\n", "[a]\nb = \"c # d; e\" ; f\n", "[a]\nb =   c  d   \n",
        "[a]\nb = \" c \"d\n",
        "[a]\nb = c \\\n  d\nc = e", "[a]\nb = \\\"\\\\\\n\\t\\b\n", "[a \"x\\\"y\\\\z\\q\"]\nb=c",
        "[a]\r\nb = c\r\nd\r\n",
        "\u{feff}[a]\nb = é\n", "[a]\nb = a=b\n", "[a]\nb = 1\nb = 2\n[A]\nB = 3",
        "[include]\npath = other\n[a]\nb=c\n",
        "[includeIf \"gitdir:/\"]\npath = other\n[a]\nb=c\n", "[a]\nb = \"c\\\nd\"\n", "[a]\nb\t=\tc\n", "[]\nb = c",
        "[a.]\nb=c",
        "[wt \"hook\"]\n\tpost-new = npm ci && echo \"$X\"\n", "[a]\nb = c;d\n", "[a]\nb = \n[c]\nd = e",
        // What git refuses.
        "[a\nb = c\n", "[a \"b]\nc=d\n", "[a b]\nc=d", "[a \"b\" ]\nc=d", "[a_b]\nc=d", "[a]\n1b = c",
        "[a]\n_ = c",
        "[a]\nb c\n", "[a]\nb = \"c\n", "[a]\nb = c\\d\n", "[a]\n= c", "[a", "[a]\nb = \\", "[a]]\n", "[a]\nb.c = d\n",
        // Neither VT nor FF is white space.
        "\u{b}[a]\nb = c\n", "[a]\n\u{c}b = c\n", "[a]\nb = \u{b}c\u{c}\n",
    ]

    @Test(arguments: texts) func itIsReadAsGitReadsIt(_ text: String) throws {
        let sandbox = try Sandbox()
        try Data(text.utf8).write(to: URL(fileURLWithPath: sandbox.path("file").string))
        try Data("[stolen]\nx = y\n".utf8).write(to: URL(fileURLWithPath: sandbox.path("other").string))
        let outcome = try ChildProcess(
            "git", ["config", "--file", "file", "--no-includes", "--list", "-z"], in: sandbox.root,
            environment: sandbox.environment
        ).run()
        do throws(ConfigurationText.SyntaxError) {
            let ours = try ConfigurationText(Array(text.utf8)).entries.map { entry in
                entry.key + (entry.value.map { "\n\($0)" } ?? "") + "\0"
            }
            #expect(outcome.status == 0, "\(outcome.errorText)")
            #expect(ours.joined() == outcome.text)
        } catch {
            #expect(outcome.status != 0, "\(error)")
            // git counts from the line that it stopped in, too, or from the next one.
            let line = outcome.errorText.split(separator: " ").last { Int($0) != nil }.flatMap { Int($0) }
            #expect(line == nil || abs(line! - error.line) <= 1, "\(outcome.errorText)\(error)")
        }
    }

    @Test(arguments: ["b = c\n", "text", "# a\nb\n[a]\nc = d"]) func everySettingHasASection(_ text: String) {
        #expect(throws: ConfigurationText.SyntaxError.self) { try ConfigurationText(Array(text.utf8)) }
    }

    @Test func linesAreCounted() throws {
        let entries = try ConfigurationText(Array("[a]\n\nb = c \\\n d\n# e\nf\n[g] h = i".utf8)).entries
        #expect(entries.map(\.line) == [3, 6, 7])
        #expect(throws: ConfigurationText.SyntaxError.self) { try ConfigurationText([0xff]) }
        #expect(throws: ConfigurationText.SyntaxError.self) { try ConfigurationText(Array("[a]\nb = \0".utf8)) }
    }
}
