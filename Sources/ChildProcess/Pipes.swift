import CPosix
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The two ends of a pipe, closed by hand because they are closed at different times.
struct Pipe {
    let reading: Int32
    let writing: Int32

    init(for program: String) throws(ChildProcess.Failure) {
        var ends: [Int32] = [-1, -1]
        let code = wt_pipe(&ends)
        guard code == 0 else { throw ChildProcess.Failure(program: program, code: Errno(rawValue: code)) }
        reading = ends[0]
        writing = ends[1]
    }

    func closeReading() { close(reading) }
    func closeWriting() { close(writing) }
}

/// Reads two pipes to their ends at once, so that neither fills up while the other is waited for.
func readBoth(_ first: Int32, _ second: Int32) -> ([UInt8], [UInt8]) {
    var collected: [[UInt8]] = [[], []]
    var waiting = [
        pollfd(fd: first, events: Int16(POLLIN), revents: 0), pollfd(fd: second, events: Int16(POLLIN), revents: 0),
    ]
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while waiting.contains(where: { $0.fd >= 0 }) {
        guard poll(&waiting, 2, -1) >= 0 || errno == EINTR else { break }
        for index in waiting.indices where waiting[index].fd >= 0 && waiting[index].revents != 0 {
            let count = read(waiting[index].fd, &buffer, buffer.count)
            if count > 0 {
                collected[index].append(contentsOf: buffer[0..<count])
            } else if count == 0 || errno != EINTR {
                // poll(2) passes over negative descriptors.
                waiting[index].fd = -1
            }
        }
    }
    return (collected[0], collected[1])
}
