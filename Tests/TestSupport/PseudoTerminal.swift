import FileTree
import Foundation
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A program that has a pseudo-terminal of its own for a terminal, as under a user's hands: what is typed and what appears.
public final class PseudoTerminal {
    private let descriptor: Int32
    private let process: pid_t
    /// What has appeared and was not waited for yet, without control sequences.
    private var unread = ""
    /// All that has appeared, for messages.
    private var all = ""

    /// Starts `words` in `directory` on a terminal of 24 lines of 200 columns. Throws `TestFailure`.
    public init(_ words: [String], in directory: FilePath, environment: [String: String]) throws {
        descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var number: Int32 = 0
        var unlocked: Int32 = 0
        // What grantpt(3), unlockpt(3) and ptsname(3) do, which Swift's module of the C library does not have.
        guard descriptor >= 0, ioctl(descriptor, Self.unlock, &unlocked) == 0,
            ioctl(descriptor, Self.getNumber, &number) == 0
        else { throw TestFailure("no pseudo-terminal: \(Errno(rawValue: errno))") }
        var size = winsize(ws_row: 24, ws_col: 200, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/pts/\(number)", O_RDWR | O_NOCTTY, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        let command =
            ["setsid", "--ctty", "sh", "-c", #"cd "$1" && shift && exec "$@""#, "sh", directory.string] + words
        var arguments = command.map { strdup($0) } + [nil]
        var settings = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + settings).forEach { free($0) } }
        var process: pid_t = 0
        let code = posix_spawnp(&process, "setsid", &actions, nil, &arguments, &settings)
        guard code == 0 else { throw TestFailure("cannot run setsid: \(Errno(rawValue: code))") }
        self.process = process
    }

    /// TIOCSPTLCK and TIOCGPTN of Linux.
    private static let unlock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430

    deinit {
        close(descriptor)
        // The leader of its session: what it runs gets SIGHUP from the kernel.
        kill(process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }

    /// Types keys: `\t` is TAB, `\r` RETURN.
    public func type(_ keys: String) throws {
        for byte in Array(keys.utf8) {
            guard withUnsafePointer(to: byte, { write(descriptor, $0, 1) }) == 1 else {
                throw TestFailure("the program has gone\n\(all)")
            }
        }
    }

    /// Waits until `text` has appeared, and returns what has come up to its end since the last time. Throws `TestFailure`
    /// with all that there was when the program ends before, or says nothing for half a minute.
    @discardableResult
    public func wait(for text: String) throws -> String {
        while true {
            if let found = unread.firstRange(of: text) {
                let seen = String(unread[..<found.upperBound])
                unread = String(unread[found.upperBound...])
                return seen
            }
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 30_000) == 1 else { throw TestFailure("'\(text)' does not appear:\n\(all)") }
            var buffer = [UInt8](repeating: 0, count: 65536)
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { throw TestFailure("'\(text)' has not appeared:\n\(all)") }
            let part = String(decoding: buffer[..<count], as: UTF8.self)
            all += part
            // A sequence can come in two parts: what is left is stripped as a whole.
            unread = Self.plain(unread + part)
        }
    }

    /// Without control sequences (ECMA-48's CSI, OSC and the short ones) and carriage returns.
    private static func plain(_ text: String) -> String {
        text.replacing("\r\n", with: "\n").replacing("\r", with: "")
            .replacing(/\u{1b}\[[0-9;?>=]*[a-zA-Z]|\u{1b}\][^\u{7}]*\u{7}|\u{1b}[()].|\u{1b}[=>]/, with: "")
    }
}
