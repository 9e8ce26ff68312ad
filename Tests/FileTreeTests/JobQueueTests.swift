import Dispatch
import FileTree
import Testing

struct JobQueueTests {
    private final class Record: @unchecked Sendable {
        private let lock = DispatchQueue(label: "record")
        private var found: [Int] = []

        func add(_ number: Int) { lock.sync { found.append(number) } }

        var numbers: [Int] { lock.sync { found } }
    }

    @Test func everyJobIsDoneOnce() {
        for count in [0, 1, 2, 500] {
            let queue = JobQueue()
            let record = Record()
            for number in 0..<count { queue.add { record.add(number) } }
            queue.run()
            #expect(record.numbers.sorted() == Array(0..<count))
        }
    }

    @Test func jobsGiveOthers() {
        for _ in 0..<50 {
            let queue = JobQueue()
            let record = Record()
            for number in 0..<4 {
                queue.add {
                    record.add(number)
                    for more in 1...3 {
                        queue.add {
                            record.add(10 * more + number)
                            if more == 3 { queue.add { record.add(100 + number) } }
                        }
                    }
                }
            }
            queue.run()
            #expect(record.numbers.count == 20 && Set(record.numbers).count == 20)
        }
    }
}
