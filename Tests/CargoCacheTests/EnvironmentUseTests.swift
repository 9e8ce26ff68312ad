import Testing

@testable import CargoCache

struct EnvironmentUseTests {
    private func use(_ source: String) -> EnvironmentUse {
        EnvironmentUse(of: Array("OUT_DIR".utf8), in: Array(source.utf8))
    }

    @Test(arguments: [
        #"include!(concat!(env!("OUT_DIR"), "/a.rs"));"#, #"x=include!(env!("OUT_DIR"))"#,
        #"std::include_str!( concat!( env!( "OUT_DIR" ), "/a" ) )"#, "include_bytes!(\n    env!(\"OUT_DIR\"))",
    ])
    func includes(source: String) {
        #expect(use(source).isInclusion)
        #expect(!use(source).isOther)
    }

    @Test(arguments: [
        "", "// OUT_DIR", #"std::env::var("OUT_DIR")"#, #"std::env::var_os( "OUT_DIR")"#, #"env!("MY_OUT_DIR")"#,
        #"env!("OUT_DIRECTORY") option_env!( "A-b" ) env ! ["A"]"#, "reads the env as well",
        "use std::env; env.as_str()", "my_env!(x)", #""env!(\"OTHER\")""#,
    ])
    func doesNothingWithIt(source: String) { #expect(use(source) == EnvironmentUse()) }

    @Test(arguments: [
        #"env!("OUT_DIR").len()"#, #"concat!(env!("OUT_DIR"), "/a.rs")"#, #"option_env!("OUT_DIR")"#,
        #"my_env!("OUT_DIR")"#,
        #"include!(concat!(env!("OUT_DIR"), "/a.rs")); const A: &str = env!("OUT_DIR");"#, #""OUT_DIR""#,
        #"include!(concat!("/", env!("OUT_DIR")))"#, #"var!("OUT_DIR")"#,
        #"length_of_include!(env!("OUT_DIR"))"#, #"éinclude!(env!("OUT_DIR"))"#,
        #"env!(concat!("OUT", "_DIR"))"#, "env ! ( $name )", #"option_env![r"OUT_DIR"]"#, #"env!("OUT\x5fDIR")"#,
        #"use std::env as e;"#, "use std::{env as e};", #""env!(\"OUT_DIR\").len()".parse()"#,
    ])
    func usesTheValue(source: String) { #expect(use(source).isOther) }
}
