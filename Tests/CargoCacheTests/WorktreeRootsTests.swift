import CargoCache
import Testing

struct WorktreeRootsTests {
    private func found(_ roots: WorktreeRoots, in text: String) -> [String] {
        let bytes = Array(text.utf8)
        var result: [String] = []
        bytes.withUnsafeBytes { buffer in
            roots.forEachOccurrence(in: buffer) { position, length in
                result.append("\(position):\(String(decoding: bytes[position..<position + length], as: UTF8.self))")
                return true
            }
        }
        return result.sorted()
    }

    @Test func findsEveryRootOnceAndTheLongestOfThem() {
        let roots = WorktreeRoots(["/src/project/repo", "/src/project/repo.topic", "/src/project/repo"])
        #expect(roots.roots.count == 2)
        #expect(
            found(roots, in: "x/src/project/repo/a /src/project/repo.topic/b /src/project/other")
                == ["1:/src/project/repo", "21:/src/project/repo.topic"])
    }

    @Test func findsRootsThatHaveNothingInCommon() {
        let roots = WorktreeRoots(["/a/b", "/var/build"])
        #expect(found(roots, in: "/var/build/x:/a/b") == ["0:/var/build", "13:/a/b"])
    }

    @Test func takesNoRootThatWouldBeEverywhere() {
        #expect(WorktreeRoots(["/", "relative", ""]).roots.isEmpty)
    }

    @Test func knowsWhatLiesUnderARootByWholeNames() {
        let roots = WorktreeRoots(["/src/repo", "/src/repo/nested"])
        #expect(roots.root(containing: Array("/src/repo/nested/a".utf8)) == Array("/src/repo/nested".utf8))
        #expect(roots.root(containing: Array("/src/repo".utf8)) == Array("/src/repo".utf8))
        #expect(roots.root(containing: Array("/src/repository/a".utf8)) == nil)
    }

    @Test func findsWhatIsEscaped() {
        let roots = WorktreeRoots(["/src/My re\u{301}po", "/src/other"]).withEscapedForms
        for text in [
            #""/src/My re\u{301}po""#, #"/src/My\ repo"#, "file:///src/My%20re%CC%81po", #"/src/My re\314\201po"#,
            "/src/My re&#769;po",
        ] {
            #expect(!found(roots, in: text).isEmpty, "\(text)")
        }
        for text in ["/src/My report", #"/src/oth\er"#, "/src/%20"] {
            #expect(found(roots, in: text).isEmpty, "\(text)")
        }
        let plain = WorktreeRoots(["/src/repo-1.x_y"])
        #expect(plain.withEscapedForms.roots == plain.roots)
    }
}
