import Testing

@testable import CargoCache

struct EnvironmentUseTests {
    private func isOnlyInclusion(_ source: String) -> Bool {
        EnvironmentUse.isOnlyInclusion(of: Array("OUT_DIR".utf8), in: Array(source.utf8))
    }

    @Test(arguments: [
        "", "// OUT_DIR", #"include!(concat!(env!("OUT_DIR"), "/a.rs"));"#,
        #"std::include_str!( concat!( env!( "OUT_DIR" ), "/a" ) )"#, "include_bytes!(\n    env!(\"OUT_DIR\"))",
        #"std::env::var("OUT_DIR")"#, #"std::env::var_os( "OUT_DIR")"#, #"env!("MY_OUT_DIR")"#,
    ])
    func includesOrAsksLater(source: String) { #expect(isOnlyInclusion(source)) }

    @Test(arguments: [
        #"env!("OUT_DIR").len()"#, #"concat!(env!("OUT_DIR"), "/a.rs")"#, #"option_env!("OUT_DIR")"#,
        #"my_env!("OUT_DIR")"#,
        #"include!(concat!(env!("OUT_DIR"), "/a.rs")); const A: &str = env!("OUT_DIR");"#, #""OUT_DIR""#,
        #"include!(concat!("/", env!("OUT_DIR")))"#, #"var!("OUT_DIR")"#,
    ])
    func usesTheValue(source: String) { #expect(!isOnlyInclusion(source)) }
}
