import CargoCache
import Testing

/// The table, said again from the other side: everything that may be linked, and nothing else.
struct SharingRuleTests {
    private let kinds: [ArtifactKind] = [
        .rlib, .rmeta, .sharedLibrary, .buildScriptExecutable, .executable, .compilerDepInfo, .plainNamed,
        .buildScriptOutput, .rootOutput, .buildScriptLog, .timestamp, .outDirectory, .diagnostics, .depInfo,
        .fingerprint,
        .other,
    ]

    @Test func onlyWhatIsReplacedOnRewriteIsLinked() {
        let rule = SharingRule(executablesMayBeLinked: true)
        func linked(_ layout: Layout, immutable: Bool) -> [ArtifactKind] {
            let traits = UnitTraits(layout: layout, immutable: immutable, knowsWorktree: !immutable)
            return kinds.filter { rule.sharing(of: $0, in: traits) == .link }
        }
        #expect(linked(.legacy, immutable: true) == [.rlib, .rmeta, .sharedLibrary, .buildScriptExecutable])
        #expect(linked(.unit, immutable: true) == [.rlib, .rmeta, .sharedLibrary])
        #expect(linked(.legacy, immutable: false) == [.rlib, .sharedLibrary])
        #expect(linked(.unit, immutable: false) == [.rlib, .sharedLibrary])
    }

    @Test func nothingThatRunsIsLinkedWhereExecutablesMustNotBe() {
        let rule = SharingRule(executablesMayBeLinked: false)
        let traits = UnitTraits(layout: .legacy, immutable: true, knowsWorktree: false)
        #expect(kinds.filter { rule.sharing(of: $0, in: traits) == .link } == [.rlib, .rmeta])
    }
}
