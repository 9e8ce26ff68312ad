import FileTree
import Foundation
import SystemPackage
import Testing

/// What the documents claim about the project itself.
@Suite struct DocumentTests {
    private static let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent()

    private static func text(_ path: FilePath) throws -> String {
        String(decoding: try readFile(path), as: UTF8.self)
    }

    private static func files(below directory: String, ending suffix: String) -> [FilePath] {
        let place = root.appending(directory)
        let names = FileManager.default.enumerator(atPath: place.string)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(suffix) }.sorted().map { place.pushing(FilePath($0)) }
    }

    /// A document names a test as `Suite.test`: one that was renamed or removed no longer guards anything.
    @Test func everyTestThatIsNamedExists() throws {
        let sources = try Self.files(below: "Tests", ending: ".swift").map(Self.text)
        var named = 0
        for document in Self.files(below: "docs", ending: ".md") {
            for match in try Self.text(document).matches(of: /`([A-Z][A-Za-z0-9]*Tests)\.([a-zA-Z0-9]+)`/) {
                named += 1
                let exists = sources.contains {
                    $0.contains("struct \(match.1) ") && $0.contains("func \(match.2)(")
                }
                #expect(exists, "\(document.lastComponent!) names \(match.1).\(match.2)")
            }
        }
        #expect(named > 30)
    }

    /// The links from one document to another, and to what they name in the project.
    @Test func everyLinkLeadsSomewhere() throws {
        let documents = Self.files(below: "docs", ending: ".md") + [Self.root.appending("README.md")]
        #expect(documents.count > 2)
        for document in documents {
            for match in try Self.text(document).matches(of: /\]\(([^)#:]+)\)/) {
                let target = document.removingLastComponent().pushing(FilePath(String(match.1)))
                #expect(FileStatus.ifPresent(target) != nil, "\(document.lastComponent!): \(match.1)")
            }
        }
    }
}
