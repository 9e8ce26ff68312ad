import CargoCache
import FileTree
import Git
import SystemPackage

/// Directories that git ignores as a whole, of which it says no more than that.
extension IncludePlan {
    mutating func walk(_ path: FilePath, from parent: borrowing Directory, _ patterns: IncludePatterns?) {
        guard let directory = parent.descend(path), let entries = try? directory.entries() else {
            leftOut.append(LeftOut(path: path, reason: "it cannot be read, or something is mounted there"))
            return
        }
        walk(path, directory, entries, patterns)
    }

    /// `patterns` is nil where everything is selected.
    private mutating func walk(
        _ path: FilePath, _ directory: borrowing Directory,
        _ entries: [(name: FilePath.Component, kind: FileKind)], _ patterns: IncludePatterns?
    ) {
        if let reason = Self.reasonToLeave(source.appending(path.components), Set(entries.map(\.name))) {
            leftOut.append(LeftOut(path: path, reason: reason))
            return
        }
        for (name, kind) in entries {
            let below = path.appending(name)
            let isSelected = patterns?.select(below.bytes, isDirectory: kind == .directory) ?? true
            if kind == .directory {
                let some = isSelected ? nil : patterns?.leading(into: below.bytes)
                guard isSelected || some != nil else { continue }
                guard let child = directory.descend(to: name),
                    let inside = try? child.entries()
                else {
                    leftOut.append(LeftOut(path: below, reason: "it cannot be read, or something is mounted there"))
                    continue
                }
                walk(below, child, inside, some)
            } else if isSelected {
                add(name, at: below, in: directory)
            }
        }
    }

    mutating func add(_ name: FilePath.Component, at path: FilePath, in directory: borrowing Directory) {
        // What is gone by now was hardly meant.
        guard let status = try? name.withName({ name throws(FileError) in try directory.status(of: name) }) else {
            return
        }
        switch status.kind {
        case .file: files.append(File(path: path, isSymlink: false, size: status.size))
        case .symlink where leadsToBuildDirectory(path):
            leftOut.append(LeftOut(path: path, reason: "it leads to a build directory, which would be shared"))
        case .symlink: files.append(File(path: path, isSymlink: true, size: status.size))
        default: leftOut.append(LeftOut(path: path, reason: "it is neither a file nor a symlink"))
        }
    }

    /// A directory that nobody wants twice, or that may not be there twice.
    private static func reasonToLeave(_ directory: FilePath, _ names: Set<FilePath.Component>) -> String? {
        let isBareRepository = ["HEAD", "objects", "refs"].allSatisfy { names.contains($0) }
        if names.contains(".git") || isBareRepository { return "it is a repository or a worktree of its own" }
        if BuildTree.isInUseByCargo(directory, names: names) { return "it is a build directory" }
        return names.contains("CACHEDIR.TAG") ? "it is marked as a cache (CACHEDIR.TAG)" : nil
    }

    /// Two worktrees that build in one directory overwrite what the other has built.
    private func leadsToBuildDirectory(_ path: FilePath) -> Bool {
        let place = source.appending(path.components)
        if path.lastComponent == "target",
            FileStatus.ifPresent(place.removingLastComponent().appending("Cargo.toml")) != nil
        {
            return true
        }
        guard let real = realPath(place), let entries = try? Directory(real).entries() else { return false }
        let names = Set(entries.map(\.name))
        return names.contains("CACHEDIR.TAG") || BuildTree.isInUseByCargo(real, names: names)
    }
}
