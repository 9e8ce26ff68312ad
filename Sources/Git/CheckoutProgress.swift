import Dispatch

/// What the threads of a checkout share.
final class CheckoutProgress: @unchecked Sendable {
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

    /// Counts so many entries as done, and sets the number to 0.
    func count(_ entries: inout Int) {
        let more = entries
        entries = 0
        guard more > 0 else { return }
        locked {
            done += more
            report?(done, self.entries)
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
