import FileTree
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension StatusWalk {
    /// Judges what is left in a directory when all that is tracked was taken.
    mutating func lookAtRest(
        _ directory: borrowing Directory, _ range: Range<Int>, _ prefix: Int
    ) throws(Unproven) {
        var path = path(range, prefix)
        for position in 0..<entries.count {
            guard let kind = entries.kind(position), kind != .other else { continue }
            let name = entries.name(position)
            append(name, to: &path)
            if try !ignores.ignores(path, isDirectory: kind == .directory) {
                var counts = true
                if kind == .directory { counts = try holdsUntracked(name, in: directory, &path) }
                if counts { found.untracked += 1 }
            }
            path.removeSubrange(prefix...)
        }
    }

    /// Whether a directory without tracked files holds a file that is not ignored, or is a repository of its own
    /// (treat_directory, dir.c). `path` is the directory's.
    private mutating func holdsUntracked(
        _ name: UnsafePointer<CChar>, in parent: borrowing Directory, _ path: inout [UInt8]
    ) throws(Unproven) -> Bool {
        let directory = try open(name, in: parent)
        var inside = DirectoryEntries(like: entries)
        do throws(FileError) { try inside.read(directory) } catch { throw Unproven(error.description) }
        if let kind = inside.gitKind {
            guard NestedRepository.isCertain(kind, root.pushing(FilePath(bytes: path)).appending(".git")) else {
                throw Unproven("there is a .git inside")
            }
            return true
        }
        path.append(UInt8(ascii: "/"))
        let prefix = path.count
        guard prefix < Self.longestPath else { throw Unproven("a path is longer than git can look at") }
        ignores.push(
            prefix: prefix, ignoreFile: try ignoreFile(inside.kind(of: ".gitignore"), directory), isIgnored: false)
        defer { ignores.pop() }
        for position in 0..<inside.count {
            guard let kind = inside.kind(position), kind != .other else { continue }
            let name = inside.name(position)
            append(name, to: &path)
            if try !ignores.ignores(path, isDirectory: kind == .directory) {
                guard kind == .directory else { return true }
                if try holdsUntracked(name, in: directory, &path) { return true }
            }
            path.removeSubrange(prefix...)
        }
        return false
    }

    private func append(_ name: UnsafePointer<CChar>, to path: inout [UInt8]) {
        path.append(contentsOf: UnsafeRawBufferPointer(start: name, count: strlen(name)))
    }
}
