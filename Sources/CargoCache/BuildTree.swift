import FileTree
import SystemPackage

/// A build directory, read: its profile directories and all units in them.
public struct BuildTree: Sendable {
    /// The build directory.
    public let root: FilePath
    /// The units of every profile directory and target triple. Documentation is not among them.
    public let units: [Unit]

    /// Reads the build directory at `root`. What cannot be read is passed over: it counts as not there, and is left
    /// cold. An absent directory has no units.
    public init(reading root: FilePath) {
        self.root = root
        units = Self.profileDirectories(of: root).flatMap { profile in
            LegacyScan(root: root, profile: profile).units + UnitLayoutScan(root: root, profile: profile).units
        }
    }

    /// Directories of the shape of a profile directory, one or two levels down (`debug`, `<triple>/release`). What is in
    /// a nested build directory is not part of this one.
    static func profileDirectories(of root: FilePath) -> [FilePath] {
        // `target` can be a symlink to another disk; what is below it can not.
        let root = realPath(root) ?? root
        var found: [FilePath] = []
        for name in subdirectories(of: root) where isProfileDirectory(root.appending(name)) {
            found.append(FilePath().appending(name))
        }
        for outer in subdirectories(of: root) where !isProfileDirectory(root.appending(outer)) {
            let directory = root.appending(outer)
            guard !isBuildRoot(directory) else { continue }
            for inner in subdirectories(of: directory) where isProfileDirectory(directory.appending(inner)) {
                found.append(FilePath().appending(outer).appending(inner))
            }
        }
        return found
    }

    /// Directories whose times change when cargo builds something in the build directory at `root`, or in one nested in
    /// it: it replaces artifacts in `deps` and final ones in the profile directory, and makes entries for new units. A
    /// build that finds everything fresh changes none.
    public static func directoriesOfUse(of root: FilePath) -> [FilePath] {
        let nested = nestedBuildDirectories(of: root).map { root.appending($0) }
        return ([root] + nested).flatMap { root in
            profileDirectories(of: root).flatMap { profile -> [FilePath] in
                let directory = root.pushing(profile)
                return [directory] + ["deps", ".fingerprint", "build"].map { directory.appending($0) }
            }
        }
    }

    /// Directories right below `root` that are build directories of their own, in which something has been built:
    /// rust-analyzer's (`rust-analyzer`), cargo-llvm-cov's (`llvm-cov-target`), or what `--target-dir target/…` made.
    public static func nestedBuildDirectories(of root: FilePath) -> [FilePath.Component] {
        let root = realPath(root) ?? root
        return subdirectories(of: root).filter { name in
            let directory = root.appending(name)
            return isBuildRoot(directory) && !profileDirectories(of: directory).isEmpty
        }
    }

    /// Cargo writes `.rustc_info.json` into the root of a build directory alone (`GlobalContext::load_global_rustc`),
    /// while CACHEDIR.TAG stands in every triple's directory, too (`Layout::new`).
    private static func isBuildRoot(_ directory: FilePath) -> Bool {
        FileStatus.ifPresent(directory.appending(".rustc_info.json")) != nil
    }

    /// Cargo makes a lock beside `.fingerprint` or `build` in every profile directory; `doc`, `tmp` and `package`
    /// have none of the two.
    private static func isProfileDirectory(_ directory: FilePath) -> Bool {
        FileStatus.ifPresent(directory.appending(".fingerprint"))?.kind == .directory
            || FileStatus.ifPresent(directory.appending("build"))?.kind == .directory
    }
}

/// Names of the subdirectories; none where the directory cannot be read.
func subdirectories(of directory: FilePath) -> [FilePath.Component] {
    entries(of: directory).filter { $0.kind == .directory }.map(\.name)
}

/// Entries of a directory; none where it cannot be read.
func entries(of directory: FilePath) -> [(name: FilePath.Component, kind: FileKind)] {
    (try? Directory.entries(of: directory)) ?? []
}

/// All files below `directory`, which is relative to `root`, and the directories in which there are none: a program may
/// count on them. A directory that cannot be read, `directory` itself included, counts as something that no build makes, so
/// that the unit is not taken in part. Nothing where there is no `directory`.
func filesBelow(_ directory: FilePath, root: FilePath, kind: ArtifactKind) -> [UnitFile] {
    let inside: [(name: FilePath.Component, kind: FileKind)]
    do throws(FileError) {
        inside = try Directory.entries(of: root.pushing(directory))
    } catch {
        guard error.code != .noSuchFileOrDirectory, let name = directory.lastComponent else { return [] }
        return [UnitFile(directory: directory.removingLastComponent(), name: name, kind: .other, node: .other)]
    }
    return inside.flatMap { entry -> [UnitFile] in
        func file(_ node: FileKind) -> UnitFile {
            UnitFile(directory: directory, name: entry.name, kind: kind, node: node)
        }
        guard entry.kind == .directory else { return [file(entry.kind)] }
        let files = filesBelow(directory.appending(entry.name), root: root, kind: kind)
        return files.isEmpty ? [file(.directory)] : files
    }
}
