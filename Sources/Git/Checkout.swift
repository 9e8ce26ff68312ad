import CLibGit2
import Dispatch
import FileTree
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Writes all files of a tree into an empty worktree, several at a time: with the bytes of another worktree's files
/// where these are proven to be the same, else from libgit2's object database. `git_checkout_tree` takes two to four
/// times as long, gives files 0644 at most whatever the umask, and can't be stopped; what it has beyond this,
/// conversions by attributes, is where it differs from git, and a file that may need one has an `Obstacle`. Creates files
/// and never opens an existing one for writing.
public struct Checkout: Sendable {
    /// Another worktree of the repository whose files may be the same.
    public struct Source: Sendable {
        /// Its root.
        public let root: FilePath
        /// For each entry of the tree whether the file there is worth a look.
        public let candidates: [Bool]
        /// Whether a file that is the same gets the mtime that it has there.
        public let givesTimes: Bool

        /// Describes one.
        public init(root: FilePath, candidates: [Bool], givesTimes: Bool) {
            self.root = root
            self.candidates = candidates
            self.givesTimes = givesTimes
        }
    }

    /// What became of one entry.
    public struct Written: Sendable {
        /// The status after its last change, as `IndexWriter` needs it; nil where nothing was written.
        public internal(set) var status: FileStatus?
        /// Whether the source has the same bytes, kind and executable bit, and with `givesTimes` the same mtime.
        public internal(set) var isSameInSource = false
    }

    let tree: TreeListing
    let objects: FilePath
    /// Where the bytes are looked for first; nil takes them all from the object database.
    public var source: Source?
    /// Entries that are left out: somebody else writes them.
    public var isLeftOut: (@Sendable (_ position: Int) -> Bool)?
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
        // A thread's own object database costs more than a few files.
        workers = tree.count < 200 ? 1 : min(8, availableProcessors())
    }

    /// Writes everything below `root`, an existing directory. Returns what became of each entry. Throws `GitError`:
    /// `cancelled`, `notFound` for an object that is missing; what was written until then stays, for
    /// `WorktreeRegistration.undo` to remove.
    public func run(into root: FilePath) throws(GitError) -> [Written] {
        if let source { precondition(source.candidates.count == tree.count, "one word for each entry") }
        let jobs = CheckoutJob.divide(tree, into: workers)
        let shared = CheckoutProgress(jobs: jobs.count, entries: tree.count, report: progress)
        let written = UnsafeMutableBufferPointer<Written>.allocate(capacity: tree.count)
        written.initialize(repeating: Written())
        defer { written.deallocate() }
        nonisolated(unsafe) let target = written
        DispatchQueue.concurrentPerform(iterations: max(1, min(workers, jobs.count))) { _ in
            do throws(GitError) {
                var worker = try CheckoutWorker(self, root: root, shared: shared, written: target)
                while let number = shared.nextJob() { try worker.run(jobs[number]) }
            } catch {
                shared.fail(error)
            }
        }
        if let failure = shared.failure { throw failure }
        return Array(written)
    }
}
