import Testing

@testable import CargoCache

struct CompilerDepInfoTests {
    @Test func readsSourcesAndVariablesInOrder() {
        let text = """
            /b/target/debug/deps/a-1.d: crates/a/src/lib.rs crates/a/src/with\\ space.rs /b/target/out/gen.rs

            /b/target/debug/deps/liba-1.rlib: crates/a/src/lib.rs

            crates/a/src/lib.rs:
            crates/a/src/with\\ space.rs:
            /b/target/out/gen.rs:

            # env-dep:OUT_DIR=/b/target/out
            # env-dep:UNSET

            """
        let info = CompilerDepInfo(Array(text.utf8))
        #expect(
            info.sources.map { String(decoding: $0, as: UTF8.self) } == [
                "crates/a/src/lib.rs", "crates/a/src/with space.rs", "/b/target/out/gen.rs",
            ])
        #expect(
            info.outputs.map { String(decoding: $0, as: UTF8.self) } == [
                "/b/target/debug/deps/a-1.d", "/b/target/debug/deps/liba-1.rlib",
            ])
        #expect(info.buildDirectory(ofDepInfoAt: Array("debug/deps/a-1.d".utf8)) == Array("/b/target".utf8))
        #expect(info.buildDirectory(ofDepInfoAt: Array("debug/deps/other.d".utf8)) == nil)
        #expect(info.environment == [.init(name: Array("OUT_DIR".utf8), value: Array("/b/target/out".utf8))])
    }
}
