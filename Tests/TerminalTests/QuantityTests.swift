import Terminal
import Testing

struct QuantityTests {
    @Test(
        arguments: [
            (0, "0 B"), (1, "1 B"), (999, "999 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1229, "1.2 KiB"),
            (1536, "1.5 KiB"), (10_189, "10.0 KiB"), (1_048_524, "1023.9 KiB"), (1_048_525, "1.0 MiB"),
            (1_048_576, "1.0 MiB"), (1_503_238_554, "1.4 GiB"), (1 << 40, "1.0 TiB"), (1 << 50, "1.0 PiB"),
            (Int64.max, "8.0 EiB"), (Int64.min, "-8.0 EiB"), (-2048, "-2.0 KiB"),
        ] as [(Int64, String)])
    func bytes(_ count: Int64, _ text: String) {
        #expect(ByteCount(count).description == text)
    }

    @Test(
        arguments: [
            (0, "0"), (1, "1B"), (999, "999B"), (1000, "1.0K"), (1024, "1.0K"), (10_137, "9.9K"), (10_190, "10K"),
            (1_022_976, "999K"), (1_023_488, "1.0M"), (1_048_576, "1.0M"), (608_700_000, "581M"),
            (1_395_864_371, "1.3G"), (1 << 40, "1.0T"), (Int64.max, "8.0E"), (-2048, "-2.0K"),
        ] as [(Int64, String)])
    func shortBytes(_ count: Int64, _ text: String) {
        #expect(ByteCount(count).short == text)
    }

    @Test func bytesAreOrderedByNumber() {
        #expect(ByteCount(2_000_000) > ByteCount(900_000))
    }

    @Test(
        arguments: [
            (.zero, "0.00 s"), (.milliseconds(4), "0.00 s"), (.milliseconds(5), "0.01 s"),
            (.milliseconds(350), "0.35 s"),
            (.milliseconds(9994), "9.99 s"), (.milliseconds(9995), "10.0 s"), (.milliseconds(12_345), "12.3 s"),
            (.milliseconds(59_949), "59.9 s"), (.milliseconds(59_950), "1 min 00 s"), (.seconds(125), "2 min 05 s"),
            (.milliseconds(3_599_499), "59 min 59 s"), (.milliseconds(3_599_500), "1 h 00 min"),
            (.seconds(3720), "1 h 02 min"), (.seconds(90_000), "25 h 00 min"), (.seconds(-3), "0.00 s"),
        ] as [(Duration, String)])
    func elapsed(_ duration: Duration, _ text: String) {
        #expect(Elapsed(duration).description == text)
    }

    @Test func plural() {
        #expect("\(Plural(0, "unit"))" == "0 units")
        #expect("\(Plural(1, "unit"))" == "1 unit")
        #expect("\(Plural(2, "unit"))" == "2 units")
        #expect("\(Plural(2, "directory", "directories"))" == "2 directories")
        #expect(Plural(1, "crate").noun == "crate")
    }
}
