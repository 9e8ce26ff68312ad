import CargoCache
import FileTree
import SystemPackage

/// Files that something else than cargo has put into a build directory: build scripts copy libraries and data beside the
/// executables.
enum ForeignFiles {
    /// They are told by where they are and by what cargo makes there: uplifted artifacts, which are hard links and have
    /// a `.d` beside them, and directories of known names.
    static func list(in buildDirectory: FilePath, units: [Unit]) -> [PackageFile] {
        let profiles = Set(units.map(\.profile))
        return profiles.flatMap { profile in
            let directory = buildDirectory.appending(profile.components)
            guard let entries = try? Directory.entries(of: directory) else { return [PackageFile]() }
            let names = Set(entries.map(\.name.string))
            return entries.flatMap { entry -> [PackageFile] in
                let path = profile.appending(entry.name)
                if entry.kind == .directory {
                    return cargoDirectories.contains(entry.name.string)
                        ? []
                        : PackageFile.files(of: path, in: buildDirectory, except: "").filter { $0.kind != .directory }
                }
                // The names tell of nearly all.
                guard !entry.name.string.hasPrefix("."), entry.name.extension != "d",
                    !names.contains("\(entry.name.stem).d"),
                    let status = FileStatus.ifPresent(directory.appending(entry.name)), status.links == 1
                else { return [] }
                return [PackageFile(path: path, kind: status.kind, mtime: status.mtime)]
            }
        }
    }

    private static let cargoDirectories: Set = [
        ".fingerprint", "build", "deps", "examples", "incremental", "native",
    ]
}
