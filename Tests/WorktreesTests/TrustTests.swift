import FileTree
import Git
import SystemPackage
import TestSupport
import Testing

@testable import Worktrees

/// Commands from a repository run when the user has approved of exactly this text in this repository, and never else.
/// Each row ends with a `wt new`, whose hook would make a file.
@Suite struct TrustTests {
    struct Row: CustomTestStringConvertible {
        let testDescription: String
        let runs: Bool
        let change: @Sendable (Sandbox) throws -> Void

        init(_ name: String, runs: Bool = false, _ change: @escaping @Sendable (Sandbox) throws -> Void) {
            testDescription = name
            self.runs = runs
            self.change = change
        }

        /// After trust was given, a line of shell in the repository; `$record` is the record's file.
        init(_ name: String, runs: Bool = false, _ script: String) {
            self.init(name, runs: runs) { sandbox in
                try approve(in: sandbox)
                let file = try #require(try trust(in: sandbox).file)
                try sandbox.sh("record='\(file)'\n\(script)")
            }
        }
    }

    private static let text = #"""
        [wt "hook"]
            post-new = echo one >> ../ran
            post-new = echo é >> ../ran
            pre-rm = true
        """#

    private static func trust(in sandbox: Sandbox) throws -> Trust {
        try Trust(of: sandbox.open().location, environment: sandbox.repository.environment)
    }

    private static func approve(in sandbox: Sandbox) throws {
        let plan = try TrustPlan(of: "@", in: sandbox.open(), currentDirectory: sandbox.repository.path)
        try plan.approve()
    }

    private static func edit(_ expression: String) -> String {
        "sed -i '\(expression)' .wtconfig; git commit -qam edit"
    }

    static let rows: [Row] = [
        Row("nothing was approved of") { _ in },
        Row("it was approved of", runs: true, ":"),
        Row("something else was changed", runs: true, edit(#"1i [wt]\nseed = none\n# more"#)),
        Row("another event's command was changed", runs: true, edit("s/pre-rm = true/pre-rm = false/")),
        Row("the same text in other quotes", runs: true, edit(#"s/echo one >> ..\/ran/"&"/"#)),
        Row("a text was changed", edit("s/one/two/")),
        Row("a space was added", edit("s/echo one/echo  one/")),
        Row("the order was changed", edit(#"2{h;d};3{G}"#)),
        Row("a command went", edit("2d")),
        Row("a command came", edit(#"2i post-new = true"#)),
        Row("a command came twice", edit("2p")),
        Row("a text for another event", edit("s/post-new/post-rm/; s/pre-rm/post-new/")),
        Row("another way to write an é", edit(#"s/é/e\xcc\x81/"#)),
        Row(
            "approved of, edited, and back again", runs: true,
            "\(edit("s/one/two/")); git revert -n HEAD; git commit -qm r"),
        Row("it was taken back") { sandbox in
            try approve(in: sandbox)
            #expect(try trust(in: sandbox).revoke())
            #expect(try !trust(in: sandbox).revoke())
        },
        Row("another repository with the same text has it") { sandbox in
            try sandbox.sh("cp -R . ../other")
            let other = try Repository(
                discovering: sandbox.path("other"), environment: sandbox.repository.environment)
            try TrustPlan(of: "@", in: other, currentDirectory: sandbox.path("other")).approve()
        },
        Row("another repository has taken its place", "mv ../repository ../old; cp -R ../old ../repository"),
        Row("the record was moved to another repository's name") { sandbox in
            try sandbox.sh("cp -R . ../other")
            let other = try Repository(
                discovering: sandbox.path("other"), environment: sandbox.repository.environment)
            try TrustPlan(of: "@", in: other, currentDirectory: sandbox.path("other")).approve()
            let theirs = try #require(
                Trust(of: other.location, environment: sandbox.repository.environment).file)
            try sandbox.sh("cp -p '\(theirs)' '\(try #require(try trust(in: sandbox).file))'")
        },
        Row("somebody else could write the record", "chmod o+w \"$record\""),
        Row("a group could write the record", "chmod g+w \"$record\""),
        Row("somebody else could write beside it", "chmod o+w \"${record%/*}\""),
        Row("the record is a symlink", "mv \"$record\" ../mine; ln -s \"$PWD/../mine\" \"$record\""),
        Row("the record's end is missing", "truncate -s -1 \"$record\""),
        Row("the record is of another kind", "sed -i 's/wt trust 1/wt trust 2/' \"$record\""),
        Row("the record is empty", ": > \"$record\""),
    ]

    @Test(arguments: rows) func commandsRunOnlyWhenTheyWereApprovedOf(_ row: Row) throws {
        let sandbox = try Sandbox()
        try sandbox.repository.write(".wtconfig", Self.text)
        try sandbox.repository.commit("hooks")
        try row.change(sandbox)
        let ran = sandbox.path("ran")
        let preview = try #require(try sandbox.plan(NewOptions("preview")).hooks(in: sandbox.open()))
        #expect(FileStatus.ifPresent(ran) == nil)
        let result = try sandbox.new(NewOptions("new"))
        #expect((FileStatus.ifPresent(ran) != nil) == row.runs, "\(result.notes)")
        #expect(preview.commands.isEmpty == !row.runs && preview.untrusted.isEmpty == row.runs)
        #expect(result.isLessWarm == !row.runs)
        #expect(result.hints.isEmpty == row.runs)
        #expect(result.notes.count { $0.hasPrefix("not run: post-new '") } == preview.untrusted.count)
        guard row.runs else { return }
        #expect(try readFile(ran) == Array("one\né\n".utf8))
    }

    /// Whoever is not the owner of the record cannot have been the user.
    @Test(.enabled(if: isAdministrator, "only the administrator can give a file away"))
    func aRecordOfSomebodyElsesDoesNotCount() throws {
        let sandbox = try Sandbox()
        try sandbox.repository.write(".wtconfig", Self.text)
        try Self.approve(in: sandbox)
        let trust = try Self.trust(in: sandbox)
        let file = try #require(trust.file)
        #expect(trust.approvals().0.count == 2 && trust.approvals().problem == nil)
        for path in [file, file.removingLastComponent()] {
            try sandbox.sh("chown 1 '\(path)'")
            #expect(trust.approvals().0.isEmpty && trust.approvals().problem?.contains("yours alone") == true)
            #expect(try failure { try Self.approve(in: sandbox) } != nil)
            try sandbox.sh("chown 0 '\(path)'")
        }
        #expect(trust.approvals().0.count == 2)
    }

    @Test func theRecordIsTheUsersAlone() throws {
        let sandbox = try Sandbox()
        try sandbox.repository.write(".wtconfig", Self.text)
        let before = try sandbox.repository.git("status", "--porcelain", "--ignored")
        try Self.approve(in: sandbox)
        let file = try #require(try Self.trust(in: sandbox).file)
        #expect(file.starts(with: sandbox.path("home/.local/state/wt/trust")))
        #expect(try FileStatus(file).mode & 0o777 == 0o600)
        #expect(try FileStatus(file.removingLastComponent()).mode & 0o777 == 0o700)
        #expect(try Directory(file.removingLastComponent()).entries().count == 1)
        #expect(try sandbox.repository.git("status", "--porcelain", "--ignored") == before)

        var environment = sandbox.repository.environment
        environment["XDG_STATE_HOME"] = sandbox.path("state").string
        let location = try sandbox.open().location
        #expect(
            Trust(of: location, environment: environment).file?.starts(with: sandbox.path("state/wt/trust")) == true)
        // A relative one is passed over.
        environment["XDG_STATE_HOME"] = "state"
        #expect(Trust(of: location, environment: environment).file == file)
        environment["HOME"] = nil
        let homeless = Trust(of: location, environment: environment)
        #expect(homeless.file == nil && homeless.approvals().0.isEmpty)
        #expect(try failure { try homeless.approve([]) }?.message.contains("HOME") == true)
    }
}

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

private let isAdministrator = geteuid() == 0
