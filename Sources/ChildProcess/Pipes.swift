import CPosix
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A file descriptor that is closed when its owner is done with it, errors thrown on the way included.
struct OwnedDescriptor: ~Copyable {
    /// -1 when there is none, or none any more.
    private(set) var number: Int32

    init(_ number: Int32) { self.number = number }

    mutating func closeEarly() {
        if number >= 0 { close(number) }
        number = -1
    }

    deinit { if number >= 0 { close(number) } }
}

/// The two ends of a pipe.
struct Pipe: ~Copyable {
    let reading: OwnedDescriptor
    /// The end to be handed to a child; closed here once it has it, or the pipe would never end.
    var writing: OwnedDescriptor

    init(for process: ChildProcess) throws(ChildProcess.Failure) {
        var ends: [Int32] = [-1, -1]
        let code = wt_pipe(&ends)
        guard code == 0 else { throw process.failure(code) }
        reading = OwnedDescriptor(ends[0])
        writing = OwnedDescriptor(ends[1])
    }
}

/// Reads two pipes at once, so that neither fills up while the other is waited for, to their ends or until `process`
/// ends: what a program leaves running behind it (git's daemons, a hook's background job) may hold the pipes for hours.
/// `process` is a pidfd, or -1 where there is none; then only the ends of the pipes count. `pause` is called several times
/// a second: a signal can come at any moment, also right before poll(2), and would else not be seen until it returns.
func readBoth(
    _ first: Int32, _ second: Int32, while process: Int32, pause: (() -> Void)? = nil
) -> ([UInt8], [UInt8]) {
    var collected: [[UInt8]] = [[], []]
    var waiting = [first, second, process].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while waiting[0].fd >= 0 || waiting[1].fd >= 0 {
        pause?()
        // poll(2) passes over negative descriptors.
        let ready = poll(&waiting, 3, pause == nil ? -1 : 50)
        guard ready > 0 else {
            if ready == 0 || errno == EINTR { continue }
            break
        }
        let hasEnded = waiting[2].fd >= 0 && waiting[2].revents != 0
        for index in 0..<2 where waiting[index].fd >= 0 {
            if hasEnded {
                readAvailable(waiting[index].fd, into: &collected[index])
            } else if waiting[index].revents != 0 {
                let count = read(waiting[index].fd, &buffer, buffer.count)
                if count > 0 {
                    collected[index].append(contentsOf: buffer[0..<count])
                } else if count == 0 || errno != EINTR {
                    waiting[index].fd = -1
                }
            }
        }
        if hasEnded { break }
    }
    return (collected[0], collected[1])
}

/// Reads what stands in a pipe at this moment, and no more: somebody may go on writing for ever.
private func readAvailable(_ pipe: Int32, into collected: inout [UInt8]) {
    var available: Int32 = 0
    guard ioctl(pipe, UInt(FIONREAD), &available) == 0 else { return }
    var left = Int(available)
    while left > 0 {
        var buffer = [UInt8](repeating: 0, count: left)
        let count = read(pipe, &buffer, left)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        collected.append(contentsOf: buffer[0..<count])
        left -= count
    }
}
