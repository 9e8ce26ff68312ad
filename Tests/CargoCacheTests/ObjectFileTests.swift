import ChildProcess
import FileTree
import Foundation
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

    /// A little-endian ELF file of 32 or 64 bits with the sections one behind the other, and `padding` bytes behind those.
    private func elf(_ sections: [Section], padding: Int = 0, bits: Int = 64) -> [UInt8] {
        var names: [UInt8] = [0]
        var contents: [UInt8] = []
        let headerSize = bits == 64 ? 64 : 40
        var table = [UInt8](repeating: 0, count: headerSize)
        func number<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
            withUnsafeBytes(of: value.littleEndian) { Array($0) }
        }
        func word(_ value: Int) -> [UInt8] { bits == 64 ? number(UInt64(value)) : number(UInt32(value)) }
        func header(_ name: Int, _ type: UInt32, _ flags: UInt64, _ size: Int) -> [UInt8] {
            let known = number(UInt32(name)) + number(type) + word(Int(flags)) + word(0) + word(64 + contents.count)
            return known + word(size) + [UInt8](repeating: 0, count: headerSize - known.count - bits / 8)
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
        var start: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, bits == 64 ? 2 : 1, 1, 1]
        start += [UInt8](repeating: 0, count: bits == 64 ? 33 : 25)
        start += word(64 + contents.count) + [UInt8](repeating: 0, count: 10)
        start += number(UInt16(headerSize)) + number(UInt16(sections.count + 2)) + number(UInt16(sections.count + 1))
        return start + [UInt8](repeating: 0, count: 64 - start.count) + contents + table
    }

    /// A WebAssembly module of custom sections.
    private func module(_ sections: [Section], padding: Int = 0) -> [UInt8] {
        func number(_ value: Int) -> [UInt8] {
            value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7f) | 0x80] + number(value >> 7)
        }
        let all = sections + [Section(name: "padding", text: String(repeating: " ", count: padding))]
        return all.reduce(into: [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]) { bytes, section in
            let contents = number(section.name.utf8.count) + Array((section.name + section.text).utf8)
            bytes += [0] + number(contents.count) + contents
        }
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
        for (padding, bits) in [(0, 64), (100_000, 64), (0, 32), (100_000, 32)] {
            let object = elf(sections, padding: padding, bits: bits)
            #expect(try finding(object) == expected, "\(bits) bits, padding \(padding)", sourceLocation: location)
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

    @Test func aPathInAWebAssemblyModule() throws {
        for padding in [0, 100_000] {
            func found(_ sections: [Section]) throws -> BakedPaths.Finding? {
                let object = module(sections, padding: padding)
                let alone = try finding(object)
                #expect(try finding(archive([object])) == alone)
                return alone
            }
            let code = Section(name: "code", text: String(repeating: "code", count: 100))
            let debug = Section(name: ".debug_str", text: Self.root + String(repeating: "x", count: 5000))
            #expect(try found([code, debug, Section(name: "reloc..debug_info", text: Self.root), code]) == nil)
            #expect(try found([debug, Section(name: "data", text: Self.root), debug]) == .baked(place: "a section"))
            #expect(try found([debug, Section(name: "__llvm_covmap", text: "x")]) == .unsearchable(place: "a section"))
            // A length that lies makes it a file of no known form, which is searched whole.
            let cutOff = Array(module([code, debug], padding: padding).dropLast(padding + 200))
            #expect(try finding(cutOff) == .baked(place: "contents"))
        }
    }

    /// What compilers of today make, with debug information that has the working directory.
    @Test(arguments: ["-m32", "--target=wasm32-unknown-unknown"]) func anObjectFileOfAnotherArchitecture(
        _ option: String
    ) throws {
        for (text, isBaked) in [("nothing", false), (directory.path.string, true)] {
            let file = directory.path.appending("x.c")
            let parent = try Directory(directory.path)
            try? parent.unlink("x.c")
            try parent.write(Array("const char *text = \"\(text)\";".utf8), to: "x.c")
            let run = try ChildProcess(
                "clang", [option, "-g", "-c", file.string, "-o", "x.o"], in: directory.path,
                environment: ProcessInfo.processInfo.environment
            ).run()
            try #require(run.status == 0, "\(run.errorText)")
            let search = BakedPaths(roots: WorktreeRoots([directory.path]), workspaceDirectory: "", sources: [])
            let found = try search.finding(in: directory.path.appending("x.o"))
            #expect((found != nil) == isBaked, "\(String(describing: found))")
            let bytes = try readFile(directory.path.appending("x.o"))
            #expect(bytes.contains(text: directory.path.bytes))
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
