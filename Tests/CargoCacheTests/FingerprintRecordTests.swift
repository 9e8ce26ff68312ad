import CargoCache
import Testing

struct FingerprintRecordTests {
    @Test func readsHashesThatDoNotFitADouble() throws {
        let json = #"""
            {"rustc":7458672600737419911,"features":"[\"default\", \"]}\"]","deps":[[1,"a",false,18446744073709551615],
            [2,"b",true,13376963204291279054]],"local":[{"CheckDepInfo":{"dep_info":"debug/x","checksum":false}}],
            "rustflags":["--cfg","a=\"]\""],"compile_kind":0}
            """#
        let record = try #require(FingerprintRecord(Array(json.utf8)))
        #expect(record.dependencies == [18_446_744_073_709_551_615, 13_376_963_204_291_279_054])
        #expect(String(decoding: record.rustflags, as: UTF8.self) == #"["--cfg","a=\"]\""]"#)
    }

    @Test(arguments: [
        "", "[]", "{", #"{"deps":[[1,"a",false]]}"#, #"{"deps":[[1,"a",false,"x"]]}"#, #"{"rustflags":[]}"#,
        #"{"deps":[[1,"a",false,5]"#,
    ])
    func refusesWhatCargoDoesNotWrite(json: String) {
        #expect(FingerprintRecord(Array(json.utf8)) == nil)
    }
}
