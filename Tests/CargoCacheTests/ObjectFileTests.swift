import FileTree
import SystemPackage
import TestSupport
import Testing

@testable import CargoCache

/// Object files made here, section by section: where a path counts, and where it does not.
struct ObjectFileTests {
    private static let root = "/srv/worktree"
    private static let source = "/srv/worktree/target/out/generated.rs"
    private let search = BakedPaths(
        roots: WorktreeRoots([FilePath(root)]), workspaceDirectory: "", sources: [Array(source.utf8)])
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private struct Section {
        var name: String
        var text: String
        /// SHT_PROGBITS.
        var type: UInt32 = 1
        var flags: UInt64 = 0
    }

    /// A 64-bit little-endian ELF file with the sections one behind the other, and `padding` bytes behind those.
    private func elf(_ sections: [Section], padding: Int = 0) -> [UInt8] {
        var names: [UInt8] = [0]
        var contents: [UInt8] = []
        var table = [UInt8](repeating: 0, count: 64)
        func number<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
            withUnsafeBytes(of: value.littleEndian) { Array($0) }
        }
        func header(_ name: Int, _ type: UInt32, _ flags: UInt64, _ size: Int) -> [UInt8] {
            number(UInt32(name)) + number(type) + number(flags) + number(UInt64(0))
                + number(UInt64(64 + contents.count))
                + number(UInt64(size)) + [UInt8](repeating: 0, count: 24)
        }
        for section in sections {
            table += header(names.count, section.type, section.flags, section.text.utf8.count)
            names += Array(section.name.utf8) + [0]
            contents += Array(section.text.utf8)
        }
        contents += [UInt8](repeating: 0x20, count: padding)
        let own = names.count
        names += Array(".shstrtab".utf8) + [0]
        table += header(own, 3, 0, names.count)
        contents += names
        var start: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 33)
        start += number(UInt64(64 + contents.count)) + [UInt8](repeating: 0, count: 10)
        start += number(UInt16(64)) + number(UInt16(sections.count + 2)) + number(UInt16(sections.count + 1))
        return start + contents + table
    }

    private func archive(_ members: [[UInt8]]) -> [UInt8] {
        members.reduce(into: Array("!<arch>\n".utf8)) { bytes, member in
            let size = String(member.count)
            bytes += Array("member/".utf8) + [UInt8](repeating: 0x20, count: 41)
            bytes += Array((size + String(repeating: " ", count: 10 - size.utf8.count)).utf8) + [0x60, 0x0a]
            bytes += member + (member.count % 2 == 0 ? [] : [0x0a])
        }
    }

    private func finding(_ bytes: [UInt8]) throws -> BakedPaths.Finding? {
        let parent = try Directory(directory.path)
        try? parent.unlink("artifact")
        try parent.write(bytes, to: "artifact")
        return try search.finding(in: directory.path.appending("artifact"))
    }

    /// The same in a file of its own that is read at once, in one that is read piece by piece, and in an archive.
    private func expect(
        _ expected: BakedPaths.Finding?, _ sections: [Section], location: SourceLocation = #_sourceLocation
    ) throws {
        for padding in [0, 100_000] {
            let object = elf(sections, padding: padding)
            #expect(try finding(object) == expected, "padding \(padding)", sourceLocation: location)
            let harmless = elf([Section(name: ".text", text: "code")], padding: padding + 1)
            let whole = archive([harmless, object, harmless])
            #expect(try finding(whole) == expected, "archive, padding \(padding)", sourceLocation: location)
        }
    }

    @Test func aPathInOneOfManyNeighbours() throws {
        var sections = (0..<200).map { Section(name: ".text.f\($0)", text: "code of \($0)") }
        try expect(nil, sections)
        sections[77] = Section(name: ".rodata.str", text: "x\(Self.root)/data\0")
        try expect(.baked(place: ".rodata.str"), sections)
        sections[77] = Section(name: ".rodata.str", text: "x/srv/work")
        try expect(nil, sections)
    }

    /// Debug information and tables of numbers are not searched, though they are read with what stands around them.
    @Test func aPathBetweenSections() throws {
        let around = [Section(name: ".text", text: "code"), Section(name: ".data", text: "data")]
        for left in [
            Section(name: ".debug_str", text: Self.root), Section(name: ".rela.text", text: Self.root, type: 4),
            Section(name: ".llvmcmd", text: Self.root),
        ] {
            try expect(nil, [around[0], left, around[1]])
            try expect(nil, [left, around[0], left, around[1], left])
            let baked = Section(name: ".rodata", text: Self.root)
            try expect(.baked(place: ".rodata"), [around[0], left, baked, left, around[1]])
        }
    }

    /// Nobody writes one, so that it need not be proven harmless.
    @Test func aPathAcrossABorder() throws {
        let halves = [Section(name: ".a", text: "/srv/wor"), Section(name: ".b", text: "ktree/data")]
        try expect(.baked(place: ".a"), halves)
    }

    @Test func panicLocations() throws {
        let location = Section(name: ".rodata", text: "\(Self.source) and more")
        let code = Section(name: ".text", text: "code")
        try expect(.location(place: ".rodata"), [code, location, Section(name: ".data", text: "data")])
        // Its end is in another section, so that this is another path.
        let cut = Section(name: ".rodata", text: String(Self.source.dropLast(3)))
        try expect(.baked(place: ".rodata"), [cut, Section(name: ".data", text: ".rs")])
        try expect(.baked(place: ".rodata"), [location, Section(name: ".rodata", text: "\(Self.root)/other.rs")])
    }

    @Test func whatCannotBeSearched() throws {
        let text = Section(name: ".text", text: "code")
        let compressed = Section(name: ".data.packed", text: "data", flags: 0x800)
        try expect(.unsearchable(place: ".data.packed"), [text, compressed, text])
        try expect(.unsearchable(place: "__llvm_covmap"), [text, Section(name: "__llvm_covmap", text: "x"), text])
    }

    /// Sections that share bytes would be searched as often as there are sections. Such a file is searched once, as a whole,
    /// where nothing is harmless.
    @Test func sectionsThatOverlap() throws {
        let code = Section(name: ".rodata", text: "some code, and some data")
        let count = 300
        let object = elf([Section(name: ".debug_str", text: Self.root)] + Array(repeating: code, count: count))
        #expect(try finding(object) == nil)
        var overlapping = object
        for section in 2...count + 1 {
            let header = object.count - 64 * (count + 3) + 64 * section
            // From the beginning of the file to the end of the last.
            let place = (UInt64(0), UInt64(64 + count * code.text.utf8.count))
            withUnsafeBytes(of: place) { overlapping.replaceSubrange(header + 24..<header + 40, with: $0) }
        }
        #expect(try finding(overlapping) == .baked(place: "contents"))
    }

    /// The names of sections and symbols are searched as well, with LLVM in one table.
    @Test func namesAreSearched() throws {
        try expect(.baked(place: ".shstrtab"), [Section(name: "\(Self.root)", text: "")])
    }

    /// A section that is said to lie outside makes the file one of no known form, and that is searched whole.
    @Test func tablesThatLie() throws {
        var bytes = elf([Section(name: ".debug_str", text: Self.root), Section(name: ".text", text: "code")])
        #expect(try finding(bytes) == nil)
        let table = bytes.count - 4 * 64
        // The size of `.text`.
        bytes.replaceSubrange(table + 2 * 64 + 32..<table + 2 * 64 + 40, with: [UInt8](repeating: 0x7f, count: 8))
        #expect(try finding(bytes) == .baked(place: "contents"))
        let cutOff = archive([elf([Section(name: ".text", text: "code")])]).dropLast(100)
        #expect(try finding(Array(cutOff)) == .unsearchable(place: "contents"))
    }

    /// What a macro can look at is told by the names of its symbols alone.
    @Test(arguments: [
        ("_ZN4core3fmt5write17h", "", "none"), ("_ZN3std2fs14read_to_string17h", "", "files"),
        ("_ZN3std3env3var17h", "HOME", "none"), ("_ZN3std3env3var17h", "OUT_DIR", "path"),
        ("_ZN3std3env3var17h _ZN3std2fs14read_to_string17h", "OUT_DIR", "path"),
        ("_ZN3std2fs14read_to_string17h", "OUT_DIR", "files"), ("_ZN3std2fs8metadata17h", "", "files"),
        ("_RNvNtNtCs_3std3sys2fs6exists", "", "files"), ("_RNvMs16_NtCs_3std4pathNtB6_4Path7is_file", "", "files"),
        ("_RNvNtNtCs_3std3sys2fs8metadata", "", "none"),
    ])
    func sightOfAMacro(_ symbol: String, _ text: String, _ expected: String) throws {
        for padding in [0, 100_000] {
            let bytes = elf(
                [
                    Section(name: ".rodata", text: "2fs8read_dir\(text)"),
                    Section(name: ".strtab", text: symbol, type: 3),
                ], padding: padding)
            let parent = try Directory(directory.path)
            try? parent.unlink("library")
            try parent.write(bytes, to: "library")
            #expect("\(ProcMacro.sight(of: directory.path.appending("library")))" == expected)
        }
        let nameless = elf([Section(name: ".rodata", text: "text")])
        let parent = try Directory(directory.path)
        try parent.write(nameless, to: "nameless")
        #expect(ProcMacro.sight(of: directory.path.appending("nameless")) == .path)
    }
}
