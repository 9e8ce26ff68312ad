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
        #expect(info.environment == [.init(name: Array("OUT_DIR".utf8), value: Array("/b/target/out".utf8))])
    }
}
