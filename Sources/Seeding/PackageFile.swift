import CargoCache
import FileTree
import SystemPackage

/// A file or directory, and when it was written.
struct PackageFile {
    /// Relative to where the listing began.
    let path: FilePath
    let kind: FileKind
    let mtime: FileTime

    /// Everything below `directory` of `root`, except `excluded` (absolute), `.git`, and packages within the package,
    /// which cargo does not count as its files either (`PathSource`). The directories are in the list, the topmost one
    /// not. What cannot be read is passed over.
    static func files(of directory: FilePath, in root: FilePath, except excluded: FilePath) -> [PackageFile] {
        var found: [PackageFile] = []
        var waiting = [directory]
        while let current = waiting.popLast() {
            guard let opened = try? Directory(root.appending(current.components)), let entries = try? opened.entries()
            else { continue }
            if current != directory, entries.contains(where: { $0.name == "Cargo.toml" }) { continue }
            if current != directory, let status = try? opened.status() {
                found.append(PackageFile(path: current, kind: .directory, mtime: status.mtime))
            }
            for entry in entries where entry.name != ".git" {
                let path = current.appending(entry.name)
                let absolute = root.appending(path.components)
                if entry.kind == .directory {
                    if absolute != excluded { waiting.append(path) }
                } else if let status = FileStatus.ifPresent(absolute) {
                    found.append(PackageFile(path: path, kind: status.kind, mtime: status.mtime))
                }
            }
        }
        return found
    }
}

/// Files that something else than cargo has put into a build directory: build scripts copy libraries and data beside the
/// executables.
enum ForeignFiles {
    /// They are told by where they are and by what cargo makes there: uplifted artifacts, which are hard links and have
    /// a `.d` beside them, and directories of known names.
    static func list(in buildDirectory: FilePath, units: [Unit]) -> [PackageFile] {
        let profiles = Set(units.map(\.profile))
        return profiles.flatMap { profile in
            let directory = buildDirectory.appending(profile.components)
            guard let entries = try? Directory(directory).entries() else { return [PackageFile]() }
            let names = Set(entries.map(\.name.string))
            return entries.flatMap { entry -> [PackageFile] in
                let path = profile.appending(entry.name)
                if entry.kind == .directory {
                    return cargoDirectories.contains(entry.name.string)
                        ? []
                        : PackageFile.files(of: path, in: buildDirectory, except: "").filter { $0.kind != .directory }
                }
                guard let status = FileStatus.ifPresent(directory.appending(entry.name)), status.links == 1,
                    !entry.name.string.hasPrefix("."), entry.name.extension != "d",
                    !names.contains("\(entry.name.stem).d")
                else { return [] }
                return [PackageFile(path: path, kind: status.kind, mtime: status.mtime)]
            }
        }
    }

    private static let cargoDirectories: Set = [
        ".fingerprint", "build", "deps", "examples", "incremental", "native",
    ]
}
