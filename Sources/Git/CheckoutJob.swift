import Dispatch

/// What one thread writes before it asks for more: a directory, alone or with all below it. Two threads in one
/// directory would wait for each other in the kernel, so no directory is in two jobs.
struct CheckoutJob: Sendable {
    let folder: Int
    /// Whether the directories below belong to it.
    let isDeep: Bool

    /// Divides a tree so that each of `workers` gets several jobs.
    static func divide(_ tree: TreeListing, into workers: Int) -> [CheckoutJob] {
        guard workers > 1 else { return [CheckoutJob(folder: 0, isDeep: true)] }
        let limit = max(32, tree.count / (workers * 8))
        var jobs: [CheckoutJob] = []
        func add(_ number: Int) {
            let folder = tree.folders[number]
            guard folder.entries.count > limit, !folder.children.isEmpty else {
                jobs.append(CheckoutJob(folder: number, isDeep: true))
                return
            }
            jobs.append(CheckoutJob(folder: number, isDeep: false))
            for child in folder.children { add(child) }
        }
        add(0)
        return jobs
    }
}

/// What the threads of a checkout share.
final class SharedProgress: @unchecked Sendable {
    private let lock = DispatchSemaphore(value: 1)
    private let jobs: Int
    private let entries: Int
    private let report: (@Sendable (Int, Int) -> Void)?
    private var started = 0
    private var done = 0
    private var firstFailure: GitError?

    init(jobs: Int, entries: Int, report: (@Sendable (Int, Int) -> Void)?) {
        self.jobs = jobs
        self.entries = entries
        self.report = report
    }

    /// The next job's number; nil when all are taken or one has failed.
    func nextJob() -> Int? {
        locked {
            guard started < jobs, firstFailure == nil else { return nil }
            started += 1
            return started - 1
        }
    }

    /// Counts one entry as done.
    func count() {
        locked {
            done += 1
            if done % 256 == 0 || done == entries { report?(done, entries) }
        }
    }

    func fail(_ error: GitError) { locked { firstFailure = firstFailure ?? error } }

    var failure: GitError? { locked { firstFailure } }
    var hasFailed: Bool { failure != nil }

    private func locked<Result>(_ body: () -> Result) -> Result {
        lock.wait()
        defer { lock.signal() }
        return body()
    }
}
