import FileTree
import SystemPackage

/// References as git's files backend keeps them (refs/files-backend.c, packed-refs): one small file each, or a line in
/// `packed-refs`. Read here because a listing asks for a handful of them in every worktree, and each worktree's `HEAD`
/// is out of libgit2's reach.
struct ReferenceFiles {
    let commonDirectory: FilePath

    enum Value: Equatable {
        case id(ObjectID)
        case symbolic(String)
        /// A symbolic one whose name is no UTF-8; this is the name for people, which may be that of another reference.
        case unspeakable(String)
    }

    /// The commit or other object that `name` (in full, `refs/…`) stands for, symbolic references followed; nil when
    /// there is no such reference.
    func id(of name: String) -> ObjectID? { follow(.symbolic(name))?.id }

    /// The last reference that the symbolic reference `name` leads to, whether or not there is one; nil when `name` is
    /// none (`git symbolic-ref --quiet`).
    func target(ofSymbolic name: String) -> String? {
        guard case .symbolic(let target) = Self.looseValue(commonDirectory.appending(name)) else { return nil }
        return follow(.symbolic(target))?.name
    }

    /// What the `HEAD` inside `gitDirectory` names; without its commit where that name cannot be told exactly.
    func head(in gitDirectory: FilePath) -> Head {
        let file = gitDirectory.appending("HEAD")
        guard let value = Self.looseValue(file) else { return .unreadable }
        switch value {
        case .id(let id): return id.isZero ? .unreadable : .detached(id)
        case .symbolic(let name):
            // A branch may be a symbolic reference itself; git names the last one (refs_resolve_ref_unsafe).
            let end = follow(.symbolic(name)) ?? (name, nil)
            return .branch(end.name.dropped(prefix: "refs/heads/") ?? end.name, end.id)
        case .unspeakable(let name): return .branch(name.dropped(prefix: "refs/heads/") ?? name, nil)
        }
    }

    /// The last reference of a chain, and its id; nil for a chain longer than git follows (SYMREF_MAXDEPTH, 5), or one
    /// that leads outside `refs/`.
    private func follow(_ start: Value) -> (name: String, id: ObjectID?)? {
        var value = start
        var name = ""
        for _ in 0..<6 {
            switch value {
            case .id(let id): return (name, id)
            case .unspeakable(let name): return (name, nil)
            case .symbolic(let target):
                let isWithin = !target.utf8.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("..".utf8) }
                guard target.starts(withBytesOf: "refs/"), isWithin else { return nil }
                name = target
                if let loose = Self.looseValue(commonDirectory.appending(target)) {
                    value = loose
                } else {
                    return (name, PackedReferences(commonDirectory)?.id(of: target))
                }
            }
        }
        return nil
    }

    /// Whether any reference has a name that starts with `prefix`, which ends in a slash.
    func hasAny(under prefix: String) -> Bool {
        containsFile(commonDirectory.appending(prefix)) || PackedReferences(commonDirectory)?.hasAny(prefix) == true
    }

    private func containsFile(_ directory: FilePath) -> Bool {
        guard let opened = try? Directory(directory), let entries = try? opened.entries() else { return false }
        return entries.contains { entry in
            entry.kind != .directory || containsFile(directory.appending(entry.name))
        }
    }

    /// A loose reference or a `HEAD`: `ref: <name>`, an id, or (as git wrote it long ago, and does again with
    /// core.preferSymlinkRefs) a symlink to another reference.
    static func looseValue(_ file: FilePath) -> Value? {
        guard let status = FileStatus.ifPresent(file) else { return nil }
        if status.kind == .symlink {
            guard let target = symlinkText(file), target.starts(with: "refs/".utf8) else { return nil }
            return symbolic(target[...])
        }
        guard status.kind == .file, let bytes = try? readFile(file) else { return nil }
        let line = bytes.trimmedEnd
        if line.starts(with: "ref:".utf8) {
            return symbolic(line.dropFirst(4).drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") })
        }
        return ObjectID(hex: line.prefix { !$0.isSpace }.text).map { .id($0) }
    }

    private static func symbolic(_ name: ArraySlice<UInt8>) -> Value {
        name.exactText.map { .symbolic($0) } ?? .unspeakable(name.text)
    }

    private static func symlinkText(_ file: FilePath) -> [UInt8]? {
        guard let name = file.lastComponent, let directory = try? Directory(file.removingLastComponent()) else {
            return nil
        }
        let text = try? name.withName { name throws(FileError) in try directory.symlinkTarget(name) }
        return text.map { $0.dropLast().map { UInt8(bitPattern: $0) } }
    }
}
