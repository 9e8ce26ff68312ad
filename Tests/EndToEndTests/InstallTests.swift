import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// `scripts/install`, with the program that was built with these tests.
@Suite struct InstallTests {
    let directory: TemporaryDirectory
    let prefix: FilePath
    private static let scripts = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent().appending("scripts")

    init() throws {
        directory = try TemporaryDirectory()
        prefix = directory.path.appending("a prefix")
    }

    private func install(_ words: String...) throws -> ChildProcess.Outcome {
        let environment = TestEnvironment.plain.merging(["HOME": directory.path.string]) { $1 }
        let arguments = words + ["--prefix", prefix.string]
        return try ChildProcess(Self.scripts.appending("install").string, arguments, environment: environment).run()
    }

    private func installBuilt() throws -> ChildProcess.Outcome {
        try install("--built", productsDirectory.string)
    }

    /// Everything below the prefix, with the contents of files.
    private func contents() throws -> [String: String] {
        var found: [String: String] = [:]
        for name in FileManager.default.enumerator(atPath: prefix.string)?.compactMap({ $0 as? String }) ?? [] {
            let path = prefix.pushing(FilePath(name))
            let isFile = FileStatus.ifPresent(path)?.kind == .file
            found[name] = isFile ? String(decoding: try readFile(path), as: UTF8.self) : "directory"
        }
        return found
    }

    private func write(_ name: String, _ text: String) throws {
        let path = prefix.pushing(FilePath(name))
        try makeDirectories(path.removingLastComponent())
        try Data(text.utf8).write(to: URL(fileURLWithPath: path.string))
    }

    @Test func whatIsInstalledIsRemovedAndNothingElse() throws {
        try write("bin/another", "a program")
        try write("share/man/man1/another.1", "its manual")
        let before = try contents()
        let installed = try installBuilt()
        #expect(installed.status == 0, "\(installed.errorText)")

        let program = prefix.appending("bin/wt")
        let version = try ChildProcess(program.string, ["--version"], environment: TestEnvironment.plain).run()
        #expect(version.text.hasPrefix("wt ") && version.status == 0)
        let names = Set(try contents().keys)
        #expect(names.isSuperset(of: ["share/man/man1/wt.1", "share/man/man1/wt-new.1", "share/wt/installed"]))
        let completions = [
            "share/bash-completion/completions/wt", "share/zsh/site-functions/_wt",
            "share/fish/vendor_completions.d/wt.fish",
        ]
        let hasShell = try runWT(["help", "shell"], in: directory.path, environment: TestEnvironment.plain).status == 0
        #expect(names.isSuperset(of: completions) == hasShell)

        let again = try installBuilt()
        #expect(again.status == 0, "\(again.errorText)")
        #expect(Set(try contents().keys) == names)
        let removed = try install("--uninstall")
        #expect(removed.status == 0, "\(removed.errorText)")
        #expect(try contents() == before)
        let twice = try install("--uninstall")
        #expect(twice.status == 1 && twice.errorText.contains("nothing was installed"))
    }

    @Test func aProgramOfTheSameNameIsNotReplaced() throws {
        try write("bin/wt", "somebody else's")
        let before = try contents()
        let refused = try installBuilt()
        #expect(refused.status == 1 && refused.errorText.contains("--force"), "\(refused.errorText)")
        #expect(try contents() == before)
    }

    @Test func whatWasChangedSinceStays() throws {
        #expect(try installBuilt().status == 0)
        try write("share/man/man1/wt.1", "changed")
        let removed = try install("--uninstall")
        #expect(removed.status == 0 && removed.errorText.contains("left alone"), "\(removed.errorText)")
        #expect(try contents().filter { $0.value != "directory" } == ["share/man/man1/wt.1": "changed"])
    }

    /// A command that there is no more takes its page with it.
    @Test func anUpgradeRemovesWhatItDoesNotHave() throws {
        #expect(try installBuilt().status == 0)
        try write("share/man/man1/wt-former.1", "")
        let record = try contents()["share/wt/installed"] ?? ""
        // The SHA-256 of nothing.
        let sum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        try write("share/wt/installed", record + "\(sum) share/man/man1/wt-former.1\n")
        #expect(try installBuilt().status == 0)
        let after = try contents()
        #expect(after["share/man/man1/wt-former.1"] == nil)
        let lines = Set(after["share/wt/installed"]?.split(separator: "\n") ?? [])
        #expect(lines == Set(record.split(separator: "\n")))
    }

    /// By ID and ID_LIKE of os-release(5), as these systems have them.
    @Test(arguments: [
        ("ID=debian\n", "apt-get install libgit2-dev"), ("ID=ubuntu\nID_LIKE=debian\n", "apt-get install libgit2-dev"),
        ("ID=fedora\n", "dnf install libgit2-devel openssl-devel"),
        ("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", "dnf install libgit2-devel"),
        ("ID=arch\n", "pacman -S --needed libgit2"), ("ID=manjaro\nID_LIKE=arch\n", "pacman -S --needed libgit2"),
        ("ID=plan9\n", "your system's packages"),
    ])
    func everySystemHasItsPackages(release: String, command: String) throws {
        let file = directory.path.appending("os-release")
        try Data(release.utf8).write(to: URL(fileURLWithPath: file.string))
        let shell = try ChildProcess(
            "bash",
            ["-c", ". \"$0\"; os_release=$1 install_command", Self.scripts.appending("lib.sh").string, file.string],
            environment: TestEnvironment.plain
        ).run()
        #expect(shell.status == 0 && shell.text.hasPrefix(command), "\(shell.text)\(shell.errorText)")
    }
}
