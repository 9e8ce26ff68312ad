import FileTree
import Testing

/// Times of any number, as a file system keeps what it is told.
struct FileTimeTests {
    private func time(_ seconds: Int64, _ nanoseconds: Int32 = 0) -> FileTime {
        FileTime(seconds: seconds, nanoseconds: nanoseconds)
    }

    @Test func theOneBefore() {
        #expect(time(5, 7).predecessor == time(5, 6))
        #expect(time(5).predecessor == time(4, 999_999_999))
        #expect(time(.min).predecessor == time(.min))
    }

    @Test func secondsSinceAnother() {
        #expect(time(7).seconds(since: time(5)) == 2)
        #expect(time(5).seconds(since: time(7)) == -2)
        #expect(time(1).seconds(since: time(.min)) == .max)
        #expect(time(.min).seconds(since: time(1)) == .min)
    }
}
