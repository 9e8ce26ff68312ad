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
        let tops = Set(profiles.compactMap(\.components.first))
        return profiles.flatMap { list(inProfile: $0, of: buildDirectory) } + list(in: buildDirectory, besides: tops)
    }

    private static func list(inProfile profile: FilePath, of buildDirectory: FilePath) -> [PackageFile] {
        let directory = buildDirectory.appending(profile.components)
        guard let entries = try? Directory.entries(of: directory) else { return [] }
        let names = Set(entries.map(\.name.string))
        return entries.flatMap { entry -> [PackageFile] in
            let path = profile.appending(entry.name)
            if entry.kind == .directory {
                return cargoDirectories.contains(entry.name.string) ? [] : files(of: path, in: buildDirectory)
            }
            // The names tell of nearly all.
            let isUplifted = names.contains("\(entry.name.stem).d") && artifactExtensions.contains(entry.name.extension)
            guard entry.name.extension != "d", !isUplifted, !entry.name.string.hasPrefix(".cargo-"),
                let status = FileStatus.ifPresent(directory.appending(entry.name)), status.links == 1
            else { return [] }
            return [PackageFile(path: path, kind: status.kind, mtime: status.mtime)]
        }
    }

    /// Beside the profiles; build directories that are nested here are left out, and what cargo or its tools make.
    private static func list(in buildDirectory: FilePath, besides tops: Set<FilePath.Component>) -> [PackageFile] {
        guard let entries = try? Directory.entries(of: buildDirectory) else { return [] }
        return entries.flatMap { entry -> [PackageFile] in
            let path = FilePath(root: nil, [entry.name])
            let absolute = buildDirectory.appending(entry.name)
            guard !tops.contains(entry.name), !toolNames.contains(entry.name.string) else { return [] }
            if entry.kind == .directory { return isBuildOutput(absolute) ? [] : files(of: path, in: buildDirectory) }
            guard let status = FileStatus.ifPresent(absolute) else { return [] }
            return [PackageFile(path: path, kind: status.kind, mtime: status.mtime)]
        }
    }

    /// A build directory, or a profile of one, of which no unit is known.
    private static func isBuildOutput(_ directory: FilePath) -> Bool {
        guard let entries = try? Directory.entries(of: directory) else { return true }
        return entries.contains { entry in
            [".rustc_info.json", "CACHEDIR.TAG", ".fingerprint", ".cargo-lock"].contains(entry.name.string)
                || entry.kind == .directory && BuildTree.isMadeProfile(directory.appending(entry.name))
        }
    }

    private static func files(of path: FilePath, in buildDirectory: FilePath) -> [PackageFile] {
        PackageFile.files(of: path, in: buildDirectory, except: "").filter { $0.kind != .directory }
    }

    private static let cargoDirectories: Set = [
        ".fingerprint", "build", "deps", "examples", "incremental", "native",
    ]
    /// Of the files that cargo puts beside a `.d` (`TargetInfo::file_types`, target_info.rs).
    private static let artifactExtensions: Set<String?> = [
        nil, "rlib", "rmeta", "so", "a", "dylib", "dll", "lib", "exe", "pdb", "exp", "wasm", "js", "dwp", "map", "dSYM",
    ]
    /// What stands in the root of a build directory and is no build script's.
    private static let toolNames = BuildContents.knownNames.union([
        "criterion", "flycheck0", "llvm-cov-target", "tarpaulin",
    ])
}
