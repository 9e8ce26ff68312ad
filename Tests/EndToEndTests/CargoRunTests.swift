import FileTree
import TestSupport
import Testing

@Suite struct CargoRunTests {
    @Test(arguments: Layout.allCases) func aBuildIsReadFromCargosOwnWords(layout: Layout) throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.make(in: directory)
        let cold = try workspace.build(layout)
        #expect(!cold.log.compiledNothing)
        #expect(cold.log.fresh.isEmpty)
        #expect(cold.log.compiling.count == 18, "\(cold.errors)")
        #expect(cold.log.compiledNames.isSuperset(of: ["app", "shapes", "tiny-derive", "capi", "tiny-patched"]))
        #expect(cold.log.buildScripts.sorted() == ["generated", "generated-always", "tiny-generated"])
        // Every package is one unit but those with a build script, whose script is one more, and `app`: a library and
        // two binaries.
        #expect(cold.log.rustc.count == 18 + 3 + 2)
        #expect(cold.log.rustc.filter(\.isBuildScript).count == 3)
        #expect(cold.log.rustc.contains(CargoLog.Rustc(crate: "capi", types: ["cdylib"], isTest: false)))

        let target = workspace.path.appending("target/debug")
        #expect((FileStatus.ifPresent(target.appending(".fingerprint")) != nil) == (layout == .legacy))

        let again = try workspace.build(layout)
        #expect(again.log.compiledNothing, "\(again.errors)")
        #expect(again.log.fresh.count == 18)
        #expect(again.log.fresh.contains { $0.name == "tiny-named" && $0.version == "1.0.0" && $0.source == nil })
        #expect(again.log.fresh.contains { $0.name == "tiny-named" && $0.version == "9.9.9" && $0.source != nil })

        let source = try workspace.repository.write("crates/included/data.txt", "data two\n")
        #expect(FileStatus.ifPresent(source) != nil)
        let edited = try workspace.build(layout)
        #expect(!edited.log.compiledNothing)
        #expect(edited.log.compiledNames == ["included", "app"])
        #expect(edited.log.dirty.contains { $0.package.name == "included" && $0.reason.contains("data.txt") })
        #expect(try workspace.report()["included"] == "data two")
    }

    @Test func testsExamplesAndBenchesAreToldApart() throws {
        let directory = try TemporaryDirectory()
        let run = try SmallWorkspace.make(in: directory).build(.legacy, ["--all-targets"])
        #expect(run.log.rustc.contains(CargoLog.Rustc(crate: "integration", types: [], isTest: true)))
        #expect(run.log.rustc.contains(CargoLog.Rustc(crate: "show", types: ["bin"], isTest: false)))
        #expect(run.log.rustc.contains { $0.crate == "measure" })
    }

    @Test func aFailureOfCargosFailsTheTestWithItsWords() throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.make(in: directory)
        try workspace.repository.write("crates/included/src/lib.rs", "not rust")
        #expect {
            try workspace.build(.legacy, ["-p", "included"])
        } throws: {
            "\($0)".contains("could not compile `included`")
        }
    }

    @Test(arguments: ["", "    Finished in no time\n", "       Fresh a v1.0.0\n"])
    func aLogThatSaysLittleIsNotAWarmBuild(text: String) {
        #expect(!CargoLog(text).compiledNothing)
    }

    @Test func aWarmLogIsOneAndOneLineSpoilsIt() {
        let warm = "       Fresh a v1.0.0\n    Finished `dev` profile [unoptimized] target(s) in 0.01s\n"
        #expect(CargoLog(warm).compiledNothing)
        for line in [
            "   Compiling b v0.1.0 (/w/b)", "    Checking b v0.1.0 (/w/b)",
            "       Dirty b v0.1.0 (/w/b): the file `src/lib.rs` has changed",
            "     Running `/t/bin/rustc --crate-name b --crate-type lib`",
            "     Running `/w/target/debug/build/b-0123456789abcdef/build-script-build`",
            "     Running `/w/target/debug/build/b/0123456789abcdef/out/build_script_build`",
        ] {
            #expect(!CargoLog(line + "\n" + warm).compiledNothing, "\(line)")
        }
    }
}
