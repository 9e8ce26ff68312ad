import CLibGit2
import FileTree
import SystemPackage

@testable import Git

extension FuzzedParser {
    /// git's binary files.
    static let indexes = [
        FuzzedParser("index") { bytes in
            guard bytes.count >= 32 else { return }
            // libgit2 wants the sum to be right.
            let whole = Array(bytes.dropLast(20)) + sum(of: Array(bytes.dropLast(20)))
            let file = try Scratch.write(whole, to: "index", in: Scratch.directory("index"))
            guard let index = try? IndexFile(reading: file) else { return }
            try lookAt(index)
            try compareWithLibgit2(index, file)
        },
        FuzzedParser("tree-object") { bytes in
            var entries = TreeEntries(bytes)
            var end = 0
            while let entry = try? entries.next() {
                try promise(entry.name.lowerBound > end && !entry.name.isEmpty, "entries follow each other")
                let name = entries.withName(of: entry) { Array($0) }
                try promise(!name.contains(0), "a name ends at a NUL")
                _ = TreeName.problem(name, FileMode(canonical: entry.mode))
                end = entry.name.upperBound + 21
                try promise(end <= bytes.count, "an id is whole")
            }
        },
    ]

    private static func sum(of bytes: [UInt8]) -> [UInt8] {
        var sum = SHA1()
        bytes.withUnsafeBytes { sum.update($0) }
        return [UInt8](unsafeUninitializedCapacity: 20) { buffer, count in
            sum.finish(into: buffer.baseAddress!)
            count = 20
        }
    }

    /// All that a status would.
    private static func lookAt(_ index: IndexFile) throws {
        let status = try FileStatus(Scratch.directory)
        let tree = CacheTree(of: index)
        for node in tree?.nodes ?? [] {
            try promise(node.children.allSatisfy { (tree?.nodes.indices.contains($0))! }, "a child is a node")
        }
        try index.withView { view throws in
            let isSorted = view.isSorted
            for position in 0..<view.count {
                let path = Array(UnsafeBufferPointer(start: view.path(position), count: view.length(position)))
                try promise(path.elementsEqual(index.paths[position]), "a view has the same paths")
                try promise(view.id(position) == index[position].id, "and the same ids")
                _ = view.compare(position, status)
                guard isSorted, !path.isEmpty else { continue }
                for length in [1, path.count / 2 + 1, path.count] {
                    let end = view.end(ofPrefix: length, from: position, upTo: view.count)
                    let naive = (position..<view.count).first { !index.paths[$0].starts(with: path.prefix(length)) }
                    try promise(end == naive ?? view.count, "a directory ends where its prefix does")
                }
            }
        }
    }

    /// Where both take the file and it is in order, they find the same in it.
    private static func compareWithLibgit2(_ index: IndexFile, _ file: FilePath) throws {
        Libgit2.start()
        var handle: OpaquePointer?
        guard file.withPlatformString({ git_index_open(&handle, $0) }) == 0 else { return }
        defer { git_index_free(handle) }
        let keys = index.indices.map { Array(index.paths[$0]) + [0, UInt8(index[$0].stage)] }
        guard zip(keys, keys.dropFirst()).allSatisfy({ $0.lexicographicallyPrecedes($1) }) else { return }
        try promise(git_index_entrycount(handle) == index.count, "as many entries as for libgit2")
        for position in index.indices {
            guard let theirs = git_index_get_byindex(handle, position)?.pointee else { continue }
            let mine = index[position]
            try promise(bytes(of: theirs.path) == Array(index.paths[position]), "the path that libgit2 reads")
            try promise(ObjectID(theirs.id) == mine.id, "the id")
            try promise(FileMode(canonical: theirs.mode) == mine.mode, "the mode")
            try promise(theirs.file_size == mine.size && theirs.ino == mine.inode, "the stat data")
            try promise(Int64(theirs.mtime.seconds) == Int64(Int32(truncatingIfNeeded: mine.mtime.seconds)), "the time")
            try promise(Int(theirs.flags >> 12 & 3) == mine.stage, "the stage")
            try promise((theirs.flags_extended & 0x4000 != 0) == mine.isSkipped, "what is left out")
        }
    }
}
