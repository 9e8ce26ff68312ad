import FileTree
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Files for parsers that read them themselves, in a directory that goes when the process ends.
enum Scratch {
    static let directory: FilePath = {
        let parent = getenv("TMPDIR").map { FilePath(platformString: $0) } ?? "/tmp"
        var template = parent.appending("wt-fuzz.XXXXXX").withPlatformString {
            Array(UnsafeBufferPointer(start: $0, count: strlen($0) + 1))
        }
        guard mkdtemp(&template) != nil else { fatalError("no directory can be made in \(parent)") }
        atexit { try? removeTree(Scratch.directory) }
        return FilePath(platformString: template)
    }()

    /// The directory of one target, made when it is first asked for.
    static func directory(_ name: FilePath.Component) throws -> FilePath {
        let path = directory.appending(name)
        try makeDirectories(path)
        return path
    }

    /// Writes a file anew. Returns its path.
    @discardableResult
    static func write(_ bytes: [UInt8], to name: FilePath.Component, in directory: FilePath) throws -> FilePath {
        let path = directory.appending(name)
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        _ = try file.closeAfter { try file.writeAll(bytes) }
        return path
    }
}
