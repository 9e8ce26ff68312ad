import CLibGit2
import FileTree
import SystemPackage

/// Reads commits and trees as they are stored, for several threads: an object database of libgit2 inflates one object at a
/// time anyway, and to open one for each thread costs more than the few objects that a status needs.
final class ObjectReader: Sendable {
    private let directory: FilePath
    /// Opened on first use.
    private let database = Guarded<OpaqueDatabase?>(nil)

    /// `directory` is a repository's `objects`.
    init(_ directory: FilePath) { self.directory = directory }

    /// The tree of a commit; nil when there is no such commit here, or it cannot be read.
    func tree(of commit: ObjectID) -> ObjectID? {
        read(commit, GIT_OBJECT_COMMIT) { bytes in
            let text = bytes.prefix(46)
            guard text.starts(with: "tree ".utf8), text.count == 46, text.last == 0x0a else { return nil }
            return ObjectID(hex: text.dropFirst(5).dropLast().text)
        }
    }

    /// What `body` makes of the bytes of a commit; nil as above.
    func header<Result: Sendable>(
        of commit: ObjectID, _ body: (UnsafeRawBufferPointer) -> Result?
    ) -> Result? { read(commit, GIT_OBJECT_COMMIT, body) }

    /// The bytes of a tree object; nil as above.
    func tree(_ id: ObjectID) -> [UInt8]? { read(id, GIT_OBJECT_TREE) { Array($0) } }

    private func read<Result: Sendable>(
        _ id: ObjectID, _ type: git_object_t, _ body: (UnsafeRawBufferPointer) -> Result?
    ) -> Result? {
        database.withLock { database in
            if database == nil { database = OpaqueDatabase(directory) }
            guard let handle = database?.handle else { return nil }
            var oid = id.native
            var object: OpaquePointer?
            guard git_odb_read(&object, handle, &oid) == 0 else { return nil }
            defer { git_odb_object_free(object) }
            guard git_odb_object_type(object) == type else { return nil }
            return body(
                UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object)))
        }
    }
}

/// Owns libgit2's handle.
private final class OpaqueDatabase {
    let handle: OpaquePointer?

    init(_ directory: FilePath) {
        Libgit2.start()
        var opened: OpaquePointer?
        handle = directory.withPlatformString({ git_odb_open(&opened, $0) }) == 0 ? opened : nil
    }

    deinit { git_odb_free(handle) }
}
