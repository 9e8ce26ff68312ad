import CLibGit2
import Dispatch
import FileTree
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Writes all files of a tree into an empty worktree, several at a time, from libgit2's object database.
/// `git_checkout_tree` takes two to four times as long, gives files 0644 at most whatever the umask, and can't be
/// stopped; what it has beyond this, conversions by attributes, is where it differs from git, and a tree that needs any
/// has an `Obstacle`. Creates files and never opens an existing one.
public struct Checkout: Sendable {
    private let tree: TreeListing
    private let objects: FilePath
    /// For each entry the mtime it is given; nil leaves the time at which it is written.
    public var times: [FileTime?]
    /// Called with the number of entries done and of all, now and then, and at the end; on any thread, one at a time.
    public var progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
    /// Asked before each file, on any thread.
    public var isCancelled: @Sendable () -> Bool = { false }
    /// How many files are written at the same time.
    public var workers: Int

    /// A checkout of `tree`, which comes from `repository`. Throws `GitError` when git might refuse the tree.
    public init(of tree: TreeListing, in repository: borrowing Repository) throws(GitError) {
        if let problem = tree.problem { throw GitError(.unsupported(feature: "tree"), problem) }
        self.tree = tree
        objects = repository.location.commonDirectory.appending("objects")
        times = Array(repeating: nil, count: tree.count)
        // A thread's own object database costs more than a few files.
        workers = tree.count < 200 ? 1 : max(1, min(8, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }

    /// Writes everything below `root`, an existing directory. Returns each entry's status after its last change, as
    /// `IndexWriter` needs it. Throws `GitError`: `cancelled`, `notFound` for an object that is missing; what was
    /// written until then stays, for `WorktreeRegistration.undo` to remove.
    public func run(into root: FilePath) throws(GitError) -> [FileStatus?] {
        precondition(times.count == tree.count, "one time for each entry")
        let jobs = CheckoutJob.divide(tree, into: workers)
        let shared = SharedProgress(jobs: jobs.count, entries: tree.count, report: progress)
        let statuses = UnsafeMutableBufferPointer<FileStatus?>.allocate(capacity: tree.count)
        statuses.initialize(repeating: nil)
        defer { statuses.deallocate() }
        nonisolated(unsafe) let target = statuses
        DispatchQueue.concurrentPerform(iterations: max(1, min(workers, jobs.count))) { _ in
            do throws(GitError) {
                var worker = try CheckoutWorker(checkout: self, root: root, shared: shared, statuses: target)
                while let number = shared.nextJob() { try worker.run(jobs[number]) }
            } catch {
                shared.fail(error)
            }
        }
        if let failure = shared.failure { throw failure }
        return Array(statuses)
    }

    /// One thread's part: its own object database, since a shared one inflates one object at a time.
    private struct CheckoutWorker: ~Copyable {
        let checkout: Checkout
        let root: FilePath
        let shared: SharedProgress
        let statuses: UnsafeMutableBufferPointer<FileStatus?>
        private let database: OpaquePointer?

        init(
            checkout: Checkout, root: FilePath, shared: SharedProgress,
            statuses: UnsafeMutableBufferPointer<FileStatus?>
        ) throws(GitError) {
            Libgit2.start()
            var opened: OpaquePointer?
            let objects = checkout.objects
            try Libgit2.call("open \(objects)") { objects.withPlatformString { git_odb_open(&opened, $0) } }
            self.checkout = checkout
            self.root = root
            self.shared = shared
            self.statuses = statuses
            database = opened
        }

        deinit { git_odb_free(database) }

        mutating func run(_ job: CheckoutJob) throws(GitError) {
            var chain: [Int] = []
            var next: Int? = job.folder
            while let folder = next, checkout.tree.folders[folder].parent != nil {
                chain.insert(folder, at: 0)
                next = checkout.tree.folders[folder].parent
            }
            let top = try files { () throws(FileError) in try Directory(root) }
            try descend(chain[...], from: top, to: job)
        }

        private func descend(
            _ chain: ArraySlice<Int>, from directory: borrowing Directory, to job: CheckoutJob
        ) throws(GitError) {
            guard let folder = chain.first else {
                return try populate(job.folder, directory, deep: job.isDeep)
            }
            try descend(chain.dropFirst(), from: child(folder, of: directory), to: job)
        }

        private func child(_ folder: Int, of directory: borrowing Directory) throws(GitError) -> Directory {
            let name = checkout.tree.name(ofFolder: folder).map { CChar(bitPattern: $0) } + [0]
            do throws(FileError) { return try directory.makeChild(name) } catch { throw GitError(error) }
        }

        /// Writes the entries of a directory, and with `deep` all below it.
        private func populate(_ number: Int, _ directory: borrowing Directory, deep: Bool) throws(GitError) {
            let folder = checkout.tree.folders[number]
            var children = folder.children[...]
            var position = folder.entries.lowerBound
            while position < folder.entries.upperBound {
                if let first = children.first, checkout.tree.folders[first].entries.lowerBound == position {
                    children.removeFirst()
                    position = checkout.tree.folders[first].entries.upperBound
                    if deep { try populate(first, child(first, of: directory), deep: true) }
                } else {
                    try write(position, prefix: folder.prefixLength, into: directory)
                    position += 1
                }
            }
        }

        private func write(_ position: Int, prefix: Int, into directory: borrowing Directory) throws(GitError) {
            if shared.hasFailed { throw GitError(.cancelled, "another part of the checkout failed") }
            if checkout.isCancelled() { throw GitError(.cancelled, "cancelled") }
            let paths = checkout.tree.paths
            let status = try paths.bytes.withUnsafeBufferPointer { bytes in
                // Every path in the table ends with a NUL.
                let start = UnsafeRawPointer(bytes.baseAddress! + paths.starts[position] + prefix)
                let name = start.assumingMemoryBound(to: CChar.self)
                return Result { () throws(GitError) in try write(position, name, into: directory) }
            }.get()
            statuses[position] = status
            shared.count()
        }

        private func write(
            _ position: Int, _ name: UnsafePointer<CChar>, into directory: borrowing Directory
        ) throws(GitError) -> FileStatus {
            let mode = checkout.tree.modes[position]
            let time = checkout.times[position]
            if mode == .submodule {
                // As git leaves it until `git submodule update`.
                return try files { () throws(FileError) in
                    _ = try directory.makeChild(name)
                    if let time { try directory.setTime(of: name, to: time) }
                    return try directory.status(of: name)
                }
            }
            let blob = try Blob(checkout.tree.ids[position], in: database)
            return try files { () throws(FileError) in
                guard mode == .symlink else {
                    // The umask takes its part away, as from the files that git writes.
                    return try directory.write(
                        blob.bytes, to: name, mode: mode == .executable ? 0o777 : 0o666, mtime: time)
                }
                try directory.makeSymlink(name, to: blob.bytes.map { CChar(bitPattern: $0) } + [0])
                if let time { try directory.setTime(of: name, to: time) }
                return try directory.status(of: name)
            }
        }
    }
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
