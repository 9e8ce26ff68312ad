import FileTree
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What the function that `wt shell` prints and this process tell each other: the function names a file in `WT_GO_FILE`
/// and says where the shell has been; wt writes to the file where the shell is to go, when it ends. Standard output stays
/// the user's. A path is written as it is, with a zero byte behind it, so that a shell can tell whether it has all of it.
struct ShellHandover: Sendable {
    /// Set by the function that called this process.
    static let current = ShellHandover()

    /// The places where the shell was before, the latest first; none without the function.
    let previousPlaces: [FilePath]

    private let file: FilePath?
    /// Only what this process has written is ever removed: the variable may name anything. Written by one thread.
    nonisolated(unsafe) private static var hasWritten = false

    /// Whether there is a shell that goes where it is told.
    var isIntegrated: Bool { file != nil }

    /// Takes the variables out of the environment: what wt starts (git, hooks) must not send the shell anywhere.
    private init() {
        let path = Self.take("WT_GO_FILE")
        file = path?.isAbsolute == true ? path : nil
        let places = ["WT_OLDPWD", "WT_WENT_TO", "WT_CAME_FROM"].compactMap(Self.take)
        previousPlaces = file == nil ? [] : places.filter(\.isAbsolute)
    }

    private static func take(_ name: String) -> FilePath? {
        guard let value = getenv(name) else { return nil }
        let path = FilePath(platformString: value)
        unsetenv(name)
        return path
    }

    /// Has the shell change into `directory`, an absolute path, when this process ends. Throws `FileError`; without
    /// integration nothing is done.
    func go(to directory: FilePath) throws(FileError) {
        guard let file else { return }
        stay()
        let parent = file.removingLastComponent()
        // ~/.cache may be missing; as the XDG Base Directory Specification has it, only its owner sees into it.
        _ = parent.withPlatformString { mkdir($0, 0o700) }
        do {
            let made = try FileDescriptor.open(
                file, .writeOnly, options: [.create, .exclusiveCreate, .noFollow], permissions: .ownerReadWrite)
            Self.hasWritten = true
            try made.closeAfter { _ = try made.writeAll(directory.bytes + [0]) }
        } catch {
            throw FileError("write", file, error as? Errno ?? .ioError)
        }
    }

    /// Takes that back.
    func stay() {
        guard Self.hasWritten, let file else { return }
        _ = file.withPlatformString { unlink($0) }
        Self.hasWritten = false
    }
}
