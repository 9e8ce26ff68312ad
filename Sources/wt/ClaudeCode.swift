import FoundationEssentials
import SystemPackage
import Worktrees

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The hooks WorktreeCreate and WorktreeRemove of Claude Code (code.claude.com/docs/en/hooks). The first prints the path of
/// the worktree, and any status but 0 ends what the agent was about to do; the second says by its status whether the
/// worktree is gone.
enum ClaudeCode {
    static let name = "claude-code"

    private struct Input: Decodable {
        let event: String
        let directory: String?
        let name: String?
        let path: String?

        enum CodingKeys: String, CodingKey {
            case event = "hook_event_name"
            case directory = "cwd"
            case name
            case path = "worktree_path"
        }
    }

    /// Reads the JSON of a hook. Throws `Failure` for anything that is not one of the two, whole.
    static func request(_ text: [UInt8]) throws(Failure) -> AgentRequest {
        let input: Input
        do {
            input = try JSONDecoder().decode(Input.self, from: Data(text))
        } catch {
            throw Failure(
                .usage, "what came on standard input is no hook of Claude Code", hints: ["wt hook --help"])
        }
        switch input.event {
        case "WorktreeCreate":
            guard let name = input.name, !name.isEmpty else { throw missing("name", input.event) }
            return .create(name: name, from: input.directory.map { FilePath($0) })
        case "WorktreeRemove":
            guard let path = input.path.map({ FilePath($0) }), path.isAbsolute else {
                throw missing("absolute worktree_path", input.event)
            }
            return .remove(path)
        default:
            throw Failure(
                .usage, "there is nothing to do for the hook '\(input.event)'",
                hints: ["wt hook claude-code is for WorktreeCreate and WorktreeRemove"])
        }
    }

    private static func missing(_ field: String, _ event: String) -> Failure {
        Failure(.usage, "the hook \(event) says no \(field)")
    }
}

extension AgentHookCommand {
    /// Standard input up to the end of a JSON value: an agent may keep its side open, and then there is no end of file. Throws
    /// `Failure` on a terminal, and for more than any hook has to say.
    func readInput() throws(Failure) -> [UInt8] {
        guard isatty(0) == 0 else {
            throw Failure(.usage, "an agent is to speak on standard input", hints: ["wt hook --help"])
        }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let got = read(0, &buffer, buffer.count)
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { return text }
            text += buffer[..<got]
            if text.last(where: { $0 > 0x20 }) == UInt8(ascii: "}"), isWhole(text) { return text }
            guard text.count < 1 << 20 else { throw Failure(.usage, "standard input does not end") }
        }
    }

    private func isWhole(_ text: [UInt8]) -> Bool {
        struct Anything: Decodable {}
        return (try? JSONDecoder().decode(Anything.self, from: Data(text))) != nil
    }
}

/// chdir(2); where it fails the directory stays as it was.
func changeDirectory(to path: FilePath) {
    _ = path.withPlatformString { chdir($0) }
}
