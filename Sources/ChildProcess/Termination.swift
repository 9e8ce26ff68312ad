import CPosix

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The end of a program and of all that it has started. A signal to git alone leaves the `git reset` inside
/// `git worktree add` running, and that one the filters that it waits for.
///
/// A terminal sends Ctrl-C to all of them, and the first can end before those below it: they are looked for from the
/// start, while it can still be seen who they are.
struct Termination: ~Copyable {
    private let process: Int32
    /// A descriptor for each program below the first, by its number.
    private var others: [Int32: Int32] = [:]
    private(set) var isRequested = false

    init(of process: Int32) { self.process = process }

    /// Looks for the programs below the first that are there now. Returns all of them, the uppermost first.
    @discardableResult
    mutating func look() -> [Int32] {
        var all = [process]
        var next = 0
        var found = [Int32](repeating: 0, count: 256)
        while next < all.count {
            let count = Int(wt_children(all[next], &found, Int32(found.count)))
            all += found.prefix(count)
            next += 1
        }
        for (one, descriptor) in others where hasEnded(descriptor, waiting: 0) {
            if descriptor >= 0 { close(descriptor) }
            others[one] = nil
        }
        for one in all.dropFirst() where others[one] == nil { others[one] = wt_open_process(one) }
        return all
    }

    /// Asks all of them to end (SIGTERM), the uppermost first, so that it starts no new ones.
    mutating func request() {
        isRequested = true
        for one in look() { kill(one, SIGTERM) }
    }

    /// Once the first has ended: asks those below it to end that were not asked yet, since the first was faster (Ctrl-C ends
    /// a shell, but not what it has put into the background), and waits for them. Not for ever: whoever ignores it wants
    /// to go on.
    mutating func endOthers() {
        if !isRequested {
            isRequested = true
            for descriptor in others.values { wt_signal_process(descriptor, SIGTERM) }
        }
        let clock = ContinuousClock()
        let end = clock.now + Self.patience
        for descriptor in others.values {
            let left = (end - clock.now).components
            _ = hasEnded(
                descriptor, waiting: Int32(max(0, left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000)))
        }
    }

    private static let patience = Duration.seconds(10)

    /// Whether the program has ended, or cannot be watched, after so many milliseconds.
    func hasEnded(_ descriptor: Int32, waiting time: Int32) -> Bool {
        guard descriptor >= 0 else { return true }
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while true {
            let ready = poll(&waiting, 1, time)
            if ready >= 0 || errno != EINTR { return ready != 0 }
        }
    }

    deinit { for descriptor in others.values where descriptor >= 0 { close(descriptor) } }
}
