import Dispatch

/// Jobs that are done on all cores, in the order in which they were given; a job can give more.
public final class JobQueue: @unchecked Sendable {
    private let lock = DispatchQueue(label: "jobs")
    private let changed = DispatchSemaphore(value: 0)
    private var waiting: [@Sendable () -> Void] = []
    private var next = 0
    private var running = 0

    /// Without jobs.
    public init() {}

    /// Gives a job, to be done after those that wait.
    public func add(_ job: @escaping @Sendable () -> Void) {
        lock.sync { waiting.append(job) }
        changed.signal()
    }

    /// Does all jobs, those included that are given meanwhile, and returns when none is left. `workers`: how many are done
    /// at a time at most; more than there can be cores, unless the caller says otherwise: as many are started as there are.
    public func run(workers: Int = 64) {
        DispatchQueue.concurrentPerform(iterations: workers) { _ in
            while let job = take() {
                job()
                finish()
            }
        }
        // What was done is not to be kept alive by it.
        lock.sync { (waiting, next) = ([], 0) }
    }

    /// The next job, after waiting for one that those at work may give; nil when there will be none.
    private func take() -> (@Sendable () -> Void)? {
        while true {
            let (job, isOver) = lock.sync { () -> ((@Sendable () -> Void)?, Bool) in
                guard next < waiting.count else { return (nil, running == 0) }
                running += 1
                next += 1
                return (waiting[next - 1], false)
            }
            if job != nil || isOver { return job }
            changed.wait()
        }
    }

    private func finish() {
        let isOver = lock.sync {
            running -= 1
            return running == 0 && next == waiting.count
        }
        // Everybody who waits is to see that it is over.
        if isOver { for _ in 0..<64 { changed.signal() } }
    }
}
