import ChildProcess
import FileTree
import Foundation
import SystemPackage

/// A new empty directory, removed with all that came into it when the last reference goes.
public final class TemporaryDirectory: Sendable {
    /// Where it is, with every symlink resolved, as `git worktree list` and cargo would print it.
    public let path: FilePath

    /// Makes it in `parent`, or in the system's directory for temporary files (`TMPDIR`). Throws `TestFailure`.
    public init(in parent: FilePath? = nil) throws {
        var template = Array("\(parent?.string ?? NSTemporaryDirectory())/wt-test.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil, let path = realPath(FilePath(platformString: template)) else {
            throw TestFailure("no temporary directory: \(Errno(rawValue: errno))")
        }
        self.path = path
        OpenFiles.checkAtExit()
    }

    deinit {
        // What a test left running (`wt rm` deletes in the background) may still be at work in here, and tests of
        // permissions leave directories that cannot be read: neither may keep the rest from going.
        for _ in 0..<3 {
            if (try? removeTree(path)) != nil { return }
            _ = try? ChildProcess("chmod", ["-R", "u+rwX", path.string], environment: [:]).run()
        }
    }

    /// The path of a child; nothing is made.
    public func appending(_ name: String) -> FilePath { path.appending(name) }
}
