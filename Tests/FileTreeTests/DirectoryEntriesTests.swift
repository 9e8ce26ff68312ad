import FileTree
import SystemPackage
import Testing

@Suite struct DirectoryEntriesTests {
    @Test(arguments: [0, 3, 4000])
    func everyNameIsFoundOnce(count: Int) throws {
        let place = try Scratch()
        let names = (0..<count).map { "\($0)" + String(repeating: "x", count: $0 % 200) }
        for part in stride(from: 0, to: count, by: 200) {
            try place.sh("touch " + names[part..<min(part + 200, count)].joined(separator: " "))
        }
        try place.sh("mkdir .git ..a .b")
        let directory = try Directory(place.path)
        var entries = DirectoryEntries(for: directory)
        try entries.read(directory)
        var seen = [entries.gitKind]
        #expect(seen == [.directory])
        var counts = [entries.count, entries.remaining]
        #expect(counts == [count + 2, count + 2])
        for name in names {
            let position = position(of: name, in: entries)
            let found = try #require(position)
            seen = [entries.kind(found)]
            let listed = String(cString: entries.name(found))
            #expect(listed == name && seen == [.file])
            entries.take(found)
            seen = [entries.kind(found)]
            #expect(seen == [nil])
        }
        counts = [entries.count, entries.remaining]
        #expect(counts == [count + 2, 2])
        seen = [entries.kind(of: "..a"), entries.kind(of: ".b")]
        #expect(seen == [.directory, .directory])
        for missing in [".", "..", ".git", "none", "0x"] {
            let position = position(of: missing, in: entries)
            #expect(position == nil, "\(missing)")
        }
    }

    @Test func theSameMemoryServesTheNextDirectory() throws {
        let place = try Scratch()
        try place.sh("mkdir -p a/x b/y; ln -s a link")
        let top = try Directory(place.path)
        var entries = DirectoryEntries(for: top)
        for (name, child) in [("a", "x"), ("b", "y")] {
            guard let directory = top.namelessChild(name) else {
                Issue.record("\(name) is not opened")
                continue
            }
            try entries.read(directory)
            let seen = [entries.count, position(of: child, in: entries)]
            #expect(seen == [1, 0])
        }
        for name in ["c", "link"] {
            let isOpened = top.namelessChild(name) != nil
            #expect(!isOpened)
        }
    }

    private func position(of name: String, in entries: borrowing DirectoryEntries) -> Int? {
        Array(name.utf8).withUnsafeBufferPointer { entries.position(of: $0.baseAddress!, count: $0.count) }
    }
}
