import CLibGit2
import FileTree
import SystemPackage

/// One thread's part of a checkout, with an object database of its own, since a shared one inflates one object at a
/// time.
struct CheckoutWorker: ~Copyable {
    private let checkout: Checkout
    private let root: FilePath
    private let shared: CheckoutProgress
    private let written: UnsafeMutableBufferPointer<Checkout.Written>
    private let database: OpaquePointer?
    private var reader = FileReader()
    private var uncounted = 0

    init(
        _ checkout: Checkout, root: FilePath, shared: CheckoutProgress,
        written: UnsafeMutableBufferPointer<Checkout.Written>
    ) throws(GitError) {
        Libgit2.start()
        var opened: OpaquePointer?
        let objects = checkout.objects
        try Libgit2.call("open \(objects)") { objects.withPlatformString { git_odb_open(&opened, $0) } }
        self.checkout = checkout
        self.root = root
        self.shared = shared
        self.written = written
        database = opened
    }

    deinit { git_odb_free(database) }

    /// A directory that is written, and the one of the same name in the source.
    private struct Place: ~Copyable {
        let target: Directory
        let source: SourceDirectory?

        func child(_ name: UnsafePointer<CChar>) throws(FileError) -> Place {
            Place(target: try target.makeChild(name), source: source?.child(name))
        }
    }

    /// In an object, since an optional of a value that can't be copied can't be borrowed yet.
    private final class SourceDirectory {
        let directory: Directory

        private init(_ directory: consuming Directory) { self.directory = directory }

        init?(_ path: FilePath) {
            guard let directory = try? Directory(path) else { return nil }
            self.directory = directory
        }

        /// Nil where there is none. A symlink would lead to files of other paths: it is not followed.
        func child(_ name: UnsafePointer<CChar>) -> SourceDirectory? {
            guard let child = try? directory.child(name) else { return nil }
            return SourceDirectory(child)
        }
    }

    mutating func run(_ job: CheckoutJob) throws(GitError) {
        var chain: [Int] = []
        var next: Int? = job.folder
        while let folder = next, checkout.tree.folders[folder].parent != nil {
            chain.insert(folder, at: 0)
            next = checkout.tree.folders[folder].parent
        }
        let target = try files { () throws(FileError) in try Directory(root) }
        let source = checkout.source.flatMap { SourceDirectory($0.root) }
        let top = Place(target: target, source: source)
        try descend(chain[...], from: top, to: job)
        shared.count(&uncounted)
    }

    private mutating func descend(
        _ chain: ArraySlice<Int>, from place: borrowing Place, to job: CheckoutJob
    ) throws(GitError) {
        guard let folder = chain.first else { return try populate(job.folder, place, deep: job.isDeep) }
        try descend(chain.dropFirst(), from: child(folder, of: place), to: job)
    }

    private func child(_ folder: Int, of place: borrowing Place) throws(GitError) -> Place {
        let name = checkout.tree.name(ofFolder: folder).map { CChar(bitPattern: $0) } + [0]
        do throws(FileError) { return try place.child(name) } catch { throw GitError(error) }
    }

    /// Writes the entries of a directory, and with `deep` all below it.
    private mutating func populate(_ number: Int, _ place: borrowing Place, deep: Bool) throws(GitError) {
        let folder = checkout.tree.folders[number]
        var children = folder.children[...]
        var position = folder.entries.lowerBound
        while position < folder.entries.upperBound {
            if let first = children.first, checkout.tree.folders[first].entries.lowerBound == position {
                children.removeFirst()
                position = checkout.tree.folders[first].entries.upperBound
                if deep { try populate(first, child(first, of: place), deep: true) }
            } else {
                try write(position, prefix: folder.prefixLength, into: place)
                position += 1
            }
        }
    }

    private mutating func write(_ position: Int, prefix: Int, into place: borrowing Place) throws(GitError) {
        if checkout.isCancelled() { throw GitError(.cancelled, "cancelled") }
        uncounted += 1
        if uncounted == 64 {
            if shared.hasFailed { throw GitError(.cancelled, "another part of the checkout failed") }
            shared.count(&uncounted)
        }
        if let isLeftOut = checkout.isLeftOut, isLeftOut(position) { return }
        // Every path in the table ends with a NUL.
        let start = checkout.tree.paths.starts[position] + prefix
        let result = checkout.tree.paths.bytes.withUnsafeBufferPointer { bytes in
            let name = UnsafeRawPointer(bytes.baseAddress! + start).assumingMemoryBound(to: CChar.self)
            return Result { () throws(GitError) in try write(position, name, into: place) }
        }
        written[position] = try result.get()
    }

    private mutating func write(
        _ position: Int, _ name: UnsafePointer<CChar>, into place: borrowing Place
    ) throws(GitError) -> Checkout.Written {
        let mode = checkout.tree.modes[position]
        let id = checkout.tree.ids[position]
        if mode == .submodule {
            // As git leaves it until `git submodule update`.
            let status = try files { () throws(FileError) in
                _ = try place.target.makeChild(name)
                return try place.target.status(of: name)
            }
            return Checkout.Written(status: status)
        }
        if let source = checkout.source, source.candidates[position],
            let status = try take(name, id, mode, from: place, withTime: source.givesTimes)
        {
            return Checkout.Written(status: status, isSameInSource: true)
        }
        let blob = try Blob(id, in: database)
        let status = try files { () throws(FileError) in
            guard mode == .symlink else {
                return try place.target.write(blob.bytes, to: name, mode: mode.creationMode, mtime: nil)
            }
            try place.target.makeSymlink(name, to: blob.bytes.map { CChar(bitPattern: $0) } + [0])
            return try place.target.status(of: name)
        }
        return Checkout.Written(status: status)
    }

    /// Writes an entry with what the source has at its place, when that is proven to be the blob: by its name, computed
    /// from the bytes. Stat data in the source's index would prove only that the file is what was checked out there, and
    /// line ends and filters, then and now, give one blob several forms. Returns nil, with nothing written, when it is
    /// something else.
    private mutating func take(
        _ name: UnsafePointer<CChar>, _ id: ObjectID, _ mode: FileMode, from place: borrowing Place, withTime: Bool
    ) throws(GitError) -> FileStatus? {
        guard let source = place.source else { return nil }
        do throws(FileError) {
            if mode == .symlink {
                guard let status = try? source.directory.status(of: name), status.kind == .symlink,
                    let text = try? source.directory.symlinkTarget(name),
                    text.withUnsafeBytes({ ObjectID.ofBlob(UnsafeRawBufferPointer(rebasing: $0.dropLast())) }) == id
                else { return nil }
                try place.target.makeSymlink(name, to: text)
                if withTime { try place.target.setTime(of: name, to: status.mtime) }
                return try place.target.status(of: name)
            }
            guard let status = reader.read(name, in: source.directory) else {
                guard let large = try? source.directory.status(of: name), large.size > FileReader.limit,
                    FileMode(canonical: large.mode) == mode
                else { return nil }
                return try place.target.copyContents(
                    of: name, from: source.directory, mode: mode.creationMode, withTime: withTime
                ) { ObjectID.ofBlob($0) == id }
            }
            guard FileMode(canonical: status.mode) == mode, ObjectID.ofBlob(reader.bytes) == id else { return nil }
            return try place.target.write(
                reader.bytes, to: name, mode: mode.creationMode, mtime: withTime ? status.mtime : nil)
        } catch {
            throw GitError(error)
        }
    }
}

extension FileMode {
    /// What a file is created with; the umask takes its part away, as from the files that git writes.
    fileprivate var creationMode: UInt32 { self == .executable ? 0o777 : 0o666 }
}

/// A blob's bytes, as long as the value lives.
private struct Blob: ~Copyable {
    private let object: OpaquePointer?

    init(_ id: ObjectID, in database: OpaquePointer?) throws(GitError) {
        var oid = id.native
        var found: OpaquePointer?
        try Libgit2.call("read blob \(id)") { git_odb_read(&found, database, &oid) }
        guard git_odb_object_type(found) == GIT_OBJECT_BLOB else {
            git_odb_object_free(found)
            throw GitError(.other, "the object \(id) is no blob")
        }
        object = found
    }

    deinit { git_odb_object_free(object) }

    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object))
    }
}
