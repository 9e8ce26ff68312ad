import FileTree
import SystemPackage
import Testing

/// Every parser gets the inputs that fuzzing has kept: samples that cargo and git wrote, and what once went wrong. How more
/// are found: scripts/fuzz.
@Suite struct ReplayTests {
    private static let corpora = FilePath(#filePath).removingLastComponent().removingLastComponent().appending(
        "Corpora")

    @Test(arguments: FuzzTarget.all.map(\.name)) func promisesHold(_ name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let directory = Self.corpora.appending(name)
        let files = try Directory(directory).entries().map(\.name)
        #expect(!files.isEmpty)
        for file in files {
            let bytes = try readFile(directory.appending(file))
            #expect(throws: Never.self, "\(file)") { try target.check(bytes) }
        }
        #expect(throws: Never.self) { try target.check([]) }
    }

    @Test func everyCorpusIsOfATarget() throws {
        let directories = try Directory(Self.corpora).entries().map(\.name.string)
        #expect(Set(directories) == Set(FuzzTarget.all.map(\.name)))
    }
}
