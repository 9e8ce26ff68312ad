import CLibGit2
import FileTree
import SystemPackage

@testable import Git
@testable import Worktrees

extension FuzzedParser {
    /// Settings, git's and wt's.
    static let configurations = [
        FuzzedParser("configuration-text", in: "configuration") { bytes in
            guard let text = try? ConfigurationText(bytes) else { return }
            let again = try ConfigurationText(text.entries.flatMap(written))
            try promise(
                again.entries.map { [$0.key, $0.value] } == text.entries.map { [$0.key, $0.value] },
                "what is written is read again")
            let lines = bytes.count { $0 == 0x0a } + 1
            try promise(text.entries.allSatisfy { (1...lines).contains($0.line) }, "an entry is on a line of the file")
        },
        FuzzedParser("git-configuration", in: "configuration") { bytes in
            let repository = try scratchRepository()
            let file = repository.path.appending("config")
            try Scratch.write(bytes, to: "config", in: repository.path)
            let reader = NativeConfiguration(
                commonDirectory: repository.path,
                environment: ["GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"], isOwnTrusted: false)
            let mayInclude = String(decoding: bytes, as: UTF8.self).lowercased().contains("include")
            guard !mayInclude, let read = try? reader.load(repository.handle) else { return }
            try promise(read.keys(withPrefix: "wt.").isEmpty, "keys of wt's own do not count in \(file)")
        },
        FuzzedParser("configuration-listing", in: "settings") { bytes in
            let all = Configuration(listing: bytes, home: "/home/user")
            for key in all.keys(withPrefix: "") { try look(at: key, in: all) }
            let scoped = Configuration(scopedListing: bytes, home: nil)
            for key in scoped.keys(withPrefix: "wt.") {
                try promise(scoped.hasKey(key), "a key that counts has a value")
            }
        },
        FuzzedParser("configuration-value", in: "settings") { bytes in
            guard let text = bytes.validText else { return }
            let configuration = Configuration(listing: Array("a.b\n".utf8) + bytes + [0], home: "/home/user")
            let number = (try? configuration.int(forKey: "a.b")) ?? nil
            if let number, let theirs = libgit2Number(text) { try promise(Int64(number) == theirs, "libgit2's number") }
            let isTrue = (try? configuration.bool(forKey: "a.b")) ?? nil
            if let isTrue, !text.isEmpty, let theirs = libgit2Bool(text) {
                try promise(isTrue == theirs, "libgit2's word")
            }
            _ = configuration.path(forKey: "a.b")
            if let seconds = CleanOptions.seconds(text) { try promise(seconds >= 0, "an age is none below zero") }
        },
        FuzzedParser("team-configuration", in: "configuration") { bytes in
            guard let team = try? TeamConfiguration(bytes, named: ".wtconfig") else { return }
            let commands = (try? team.allCommands()) ?? []
            try promise(commands.allSatisfy(\.isFromRepository), "none of its commands is the user's own")
            var settings = Settings()
            guard (try? settings.read(.init(configuration: team.configuration, isFromRepository: true))) != nil else {
                return
            }
            try promise(settings.copyLimit >= 0, "a limit is none below zero")
            try lookAt(settings.path, branch: "feature/x")
        },
        FuzzedParser("path-template") { bytes in
            let (first, second) = bytes.halves
            let branch = String(decoding: second, as: UTF8.self)
            let name = PathTemplate.pathName(branch)
            try promise(!name.isEmpty && !name.contains("/") && name != "..", "a branch is one component")
            try promise(
                !name.hasPrefix(".") && !name.hasPrefix("-") && !name.hasSuffix("."), "and no option, nor hidden")
            guard let text = first.validText else { return }
            if let template = try? PathTemplate(text) {
                for isSuffixed in [false, true] {
                    let path = template.path(branch: branch, repository: "/src/repo", isSuffixed: isSuffixed)
                    try promise(path.isAbsolute, "the path is absolute")
                }
            }
            if let template = try? PathTemplate(text, isFromRepository: true) { try lookAt(template, branch: branch) }
        },
    ]

    /// What a repository may ask for: a place beside it, and nowhere else.
    private static func lookAt(_ template: PathTemplate, branch: String) throws {
        guard template.isFromRepository else { return }
        for repository: FilePath in ["/src/repo", "/src/repo.git", "/src/x/.git", "/src/..repo"] {
            let path = template.path(branch: branch, repository: repository)
            let parent = repository.removingLastComponent()
            try promise(path.starts(with: parent) && path != parent, "beside the repository")
            try promise(!path.starts(with: repository), "not in it")
            guard repository.lastComponent != ".git", let first = path.components.dropFirst().first else { continue }
            let names = ["repo", "..repo"].map { Array($0.utf8) }
            try promise(names.contains { first.bytes.starts(with: $0) }, "and named after it")
        }
    }

    private static func look(at key: String, in configuration: Configuration) throws {
        try promise(configuration.hasKey(key), "a key in the list is set")
        let text = configuration.string(forKey: key)
        try promise(text == configuration.strings(forKey: key).last, "the last value counts")
        _ = try? configuration.bool(forKey: key)
        _ = try? configuration.int(forKey: key)
        _ = configuration.path(forKey: key)
    }

    /// A setting with a section of its own, quoted.
    private static func written(_ entry: ConfigurationText.Entry) -> [UInt8] {
        let key = Array(entry.key.utf8)
        guard let first = key.firstIndex(of: 0x2e), let last = key.lastIndex(of: 0x2e) else { return [] }
        func quoted(_ text: some Sequence<UInt8>) -> [UInt8] {
            [0x22] + text.flatMap { [0x22, 0x5c].contains($0) ? [0x5c, $0] : $0 == 0x0a ? [0x5c, 0x6e] : [$0] } + [0x22]
        }
        var text = Array("[".utf8) + key[..<first]
        if first < last { text += [0x20] + quoted(key[(first + 1)..<last]) }
        text += Array("]\n".utf8) + key[(last + 1)...]
        if let value = entry.value { text += [0x3d] + quoted(value.utf8) }
        return text + [0x0a]
    }
}

/// A repository for libgit2.
private struct ScratchRepository: @unchecked Sendable {
    let path: FilePath
    let handle: OpaquePointer
}

private let madeRepository: Result<ScratchRepository, any Error> = Result {
    Libgit2.start()
    let path = try Scratch.directory("repository.git")
    var handle: OpaquePointer?
    try Libgit2.call("make a repository") { path.withPlatformString { git_repository_init(&handle, $0, 1) } }
    return ScratchRepository(path: path, handle: handle!)
}

private func scratchRepository() throws -> ScratchRepository { try madeRepository.get() }
