import FileTree
import SystemPackage

/// A file or directory, and when it was written.
public struct PackageFile: Sendable {
    /// Relative to where the listing began.
    public let path: FilePath
    /// What it is; symlinks are not followed.
    public let kind: FileKind
    /// When it was written.
    public let mtime: FileTime

    /// Describes a file.
    public init(path: FilePath, kind: FileKind, mtime: FileTime) {
        self.path = path
        self.kind = kind
        self.mtime = mtime
    }

    /// Everything below `directory` of `root`, except `excluded` (absolute), `.git`, and packages within the package,
    /// which cargo does not count as its files either (`PathSource`). The directories are in the list, the topmost one
    /// not. What cannot be read is passed over.
    public static func files(of directory: FilePath, in root: FilePath, except excluded: FilePath) -> [PackageFile] {
        list(directory, in: root, except: excluded, asPackage: true)
    }

    /// What cargo looks at when a build script watches `directory` of `root` (`mtime_recursive`, cargo-util `paths.rs`),
    /// except `excluded`: packages too. Of `.git` there is the name alone.
    public static func watched(in directory: FilePath, of root: FilePath, except excluded: FilePath) -> [PackageFile] {
        list(directory, in: root, except: excluded, asPackage: false)
    }

    private static func list(
        _ directory: FilePath, in root: FilePath, except excluded: FilePath, asPackage: Bool
    ) -> [PackageFile] {
        var found: [PackageFile] = []
        var waiting = [directory]
        while let current = waiting.popLast() {
            guard let opened = try? Directory(root.appending(current.components)), let entries = try? opened.entries()
            else { continue }
            if asPackage, current != directory, entries.contains(where: { $0.name == "Cargo.toml" }) { continue }
            if current != directory, let status = try? opened.status() {
                found.append(PackageFile(path: current, kind: .directory, mtime: status.mtime))
            }
            for entry in entries where !asPackage || entry.name != ".git" {
                let path = current.appending(entry.name)
                let absolute = root.appending(path.components)
                if entry.kind == .directory, entry.name != ".git" {
                    if absolute != excluded { waiting.append(path) }
                } else if let status = FileStatus.ifPresent(absolute) {
                    found.append(PackageFile(path: path, kind: status.kind, mtime: status.mtime))
                }
            }
        }
        return found
    }
}
