import CargoCache
import Testing

struct LocalFingerprintTests {
    private func list(_ local: String) -> [LocalFingerprint]? {
        LocalFingerprint.list(
            ofRecord: Array(#"{"rustc":7458672600737419911,"deps":[],"local":\#(local),"z":[1]}"#.utf8))
    }

    @Test func readsEveryKindThatCargoWrites() {
        #expect(
            list(
                #"""
                [{"RerunIfChanged":{"output":"debug/build/a-1/output","paths":["c/a.h","with \"quotes\" and \u00e4",""]}},
                {"RerunIfEnvChanged":{"var":"CC","val":null}},{"RerunIfEnvChanged":{"var":"CFLAGS","val":"-O2"}}]
                """#) == [
                    .filesUnchanged(output: "debug/build/a-1/output", paths: ["c/a.h", #"with "quotes" and ä"#, ""]),
                    .variableUnchanged(name: "CC", value: nil), .variableUnchanged(name: "CFLAGS", value: "-O2"),
                ])
        #expect(list(#"[{"Precalculated":"1.2.3"}]"#) == [.precalculated("1.2.3")])
        #expect(list("[]") == [])
    }

    /// Up to cargo 1.80 there is no word of checksums, from 1.81 on a flag, later the method's name.
    @Test(arguments: [
        ("", false), (#","checksum":false"#, false), (#","checksum":true"#, true), (#","fingerprint":"Mtime""#, false),
        (#","fingerprint":"Content""#, true), (#","fingerprint":"of tomorrow""#, true),
    ])
    func readsHowFilesAreCompared(field: String, usesChecksums: Bool) {
        #expect(
            list(#"[{"CheckDepInfo":{"dep_info":"debug/x/dep-lib-x"\#(field)}}]"#)
                == [.depInfo(path: "debug/x/dep-lib-x", usesChecksums: usesChecksums)])
    }

    @Test(arguments: [
        "null", "{}", "[1]", "[[]]", "[{}]", #"["Precalculated"]"#, #"[{"Precalculated":1}]"#,
        #"[{"OfTomorrow":"x"}]"#, #"[{"RerunIfChanged":{"output":"x"}}]"#, #"[{"RerunIfChanged":{"paths":["x"]}}]"#,
        #"[{"RerunIfEnvChanged":{"val":null}}]"#, #"[{"Precalculated":"x"},{"OfTomorrow":"x"}]"#,
        #"[{"Precalculated":"x","RerunIfEnvChanged":{"var":"a","val":null}}]"#,
    ])
    func refusesWhatIsNotKnown(local: String) {
        #expect(list(local) == nil)
    }

    @Test func refusesTextThatWasCutOffOrDamaged() {
        let json = Array(#"{"a":[],"local":[{"Precalculated":"x"}]}"#.utf8)
        #expect(LocalFingerprint.list(ofRecord: json) == [.precalculated("x")])
        for count in json.indices { #expect(LocalFingerprint.list(ofRecord: Array(json.prefix(count))) == nil) }
        // Whatever becomes of a byte, the process stands.
        for position in json.indices {
            for byte in [0, 0xff, 0x5b, 0x7b, 0x22] as [UInt8] {
                var bytes = json
                bytes[position] = byte
                _ = LocalFingerprint.list(ofRecord: bytes)
            }
        }
        let deep = String(repeating: "[", count: 100_000)
        #expect(list(deep + String(repeating: "]", count: 100_000)) == nil)
    }
}
