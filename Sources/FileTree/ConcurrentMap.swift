import CPosix
import Dispatch

/// How many processors this process may run on, as nproc(1) says.
public func availableProcessors() -> Int { Int(wt_processors()) }

extension RandomAccessCollection where Index == Int, Self: Sendable {
    /// `transform` of each element, computed on all cores, in order.
    public func concurrentMap<Result: Sendable>(_ transform: @Sendable (Element) -> Result) -> [Result] {
        let start = startIndex
        return [Result](unsafeUninitializedCapacity: count) { buffer, done in
            nonisolated(unsafe) let base = buffer.baseAddress
            DispatchQueue.concurrentPerform(iterations: count) { offset in
                (base! + offset).initialize(to: transform(self[start + offset]))
            }
            done = count
        }
    }
}
