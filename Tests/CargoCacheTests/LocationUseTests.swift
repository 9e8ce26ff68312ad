import CargoCache
import Testing

struct LocationUseTests {
    @Test(arguments: ["file!()", "concat!(file ! (), \".data\")", "core::file!()", "x=file\n!()"])
    func asksForItsFile(source: String) { #expect(LocationUse.hasFileMacro(Array(source.utf8))) }

    @Test(arguments: ["", "a file", "my_file!()", "files!()", "profile!()", "file.name() != 1"])
    func doesNotAskForItsFile(source: String) { #expect(!LocationUse.hasFileMacro(Array(source.utf8))) }

    @Test(arguments: ["Location::caller().file()", "map(Location::caller)", "caller ()", "Location :: caller ()"])
    func asksForItsCaller(source: String) { #expect(LocationUse.callsCaller(Array(source.utf8))) }

    @Test(arguments: ["", "// the caller must", "#[track_caller]", "callers()", "caller_of()"])
    func doesNotAskForItsCaller(source: String) { #expect(!LocationUse.callsCaller(Array(source.utf8))) }
}
