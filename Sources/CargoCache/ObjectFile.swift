import FileTree

/// One part of an artifact that is searched on its own.
struct ArtifactPart {
    enum Form {
        /// rustc's crate metadata.
        case metadata
        /// Code or data of an object file, or a file of no known form.
        case data
        /// Something that cannot be searched for text: LLVM bitcode packs its strings, compression hides them.
        case opaque
    }

    let form: Form
    let window: FileWindow
    /// The sections of an ELF file that the part consists of, with a few bytes between them that are of none; empty for a
    /// part that is no section.
    let sections: [ObjectSection]
    private let ownName: StaticString
    /// Where the names of sections stand.
    private let names: FileWindow?

    init(_ form: Form, _ window: FileWindow, name: StaticString) {
        self.form = form
        self.window = window
        sections = []
        ownName = name
        names = nil
    }

    fileprivate init(_ form: Form, _ window: FileWindow, _ sections: [ObjectSection], _ names: FileWindow) {
        self.form = form
        self.window = window
        self.sections = sections
        ownName = ""
        self.names = names
    }

    /// The section at `bytes` of the part, or the whole part where it has none; nil between sections. Of two that share
    /// bytes, which no compiler makes, the first.
    func section(at bytes: Range<Int>) -> Range<Int>? {
        guard !sections.isEmpty else { return 0..<window.size }
        return sections.lazy.map(\.bytes).first { $0.overlaps(bytes) }
    }

    /// The name of what is at `position`, for people; most parts are never named.
    func name(at position: Int = 0) -> String {
        guard let names else { return "\(ownName)" }
        let section = sections.first { $0.bytes.contains(position) } ?? sections[0]
        let text = names.part(at: section.name, count: names.size - section.name)?.withBytes { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return text ?? ""
    }
}

/// A section within a part.
struct ObjectSection {
    /// Where it is in the part.
    let bytes: Range<Int>
    /// Where its name begins in the table of names, up to a zero byte.
    fileprivate let name: Int
    /// A table of strings for symbols.
    let isSymbolNames: Bool
}

/// Calls `body` with each part of an artifact, one after the other, until it returns false: archives (`.rlib`, `.a`) are
/// taken apart into their members, ELF files and WebAssembly modules into their sections without the debug information, in
/// which the compiler's working directory always stands and harms nobody. Sections that lie side by side are one part.
func forEachArtifactPart(_ window: FileWindow, _ body: (ArtifactPart) -> Bool) {
    _ = visitParts(window, name: "contents", body)
}

/// A file or a member of an archive up to this size is read at once. Of a larger one most is debug information.
private let readAtOnce = 64 << 10
/// What is read where a header is wanted.
private let page = 4096

/// Whether to go on.
private typealias Visit = (ArtifactPart) -> Bool

private func visitParts(_ window: FileWindow, name: StaticString, _ body: Visit) -> Bool {
    let window = window.readAhead(count: window.size <= readAtOnce ? window.size : 64, atLeast: page)
    guard let magic = window.read(at: 0, count: min(8, window.size)) else {
        return body(ArtifactPart(.opaque, window, name: name))
    }
    if magic.starts(with: Magic.archive) {
        return visitMembers(window, body) ?? body(ArtifactPart(.opaque, window, name: name))
    }
    if magic.starts(with: Magic.elf) {
        return visitSections(window, body) ?? body(ArtifactPart(.data, window, name: name))
    }
    if magic.starts(with: Magic.webAssembly) {
        return visitWebAssembly(window, body) ?? body(ArtifactPart(.data, window, name: name))
    }
    if Magic.opaque.contains(where: magic.starts) { return body(ArtifactPart(.opaque, window, name: name)) }
    return body(ArtifactPart(magic.starts(with: Magic.metadata) ? .metadata : .data, window, name: name))
}

private enum Magic {
    static let archive = Array("!<arch>\n".utf8)
    static let elf: [UInt8] = [0x7f, 0x45, 0x4c, 0x46]
    /// "BC" 0xC0DE and its wrapper; a thin archive holds nothing of its members.
    static let opaque: [[UInt8]] = [[0x42, 0x43, 0xc0, 0xde], [0xde, 0xc0, 0x17, 0x0b], Array("!<thin>\n".utf8)]
    /// And the version of what it is today.
    static let webAssembly: [UInt8] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
    /// METADATA_HEADER in rustc_metadata: "rust" and a version.
    static let metadata = Array("rust\0\0\0".utf8)
}

/// Members of a System V archive: a header of 60 bytes, the contents, padded to an even length. Nil where that is not what
/// stands there, which may come out when some members have been visited.
private func visitMembers(_ archive: FileWindow, _ body: Visit) -> Bool? {
    var window = archive
    var position = 8
    while position + 60 <= window.size {
        window = window.readAhead(at: position, count: 60, atLeast: page)
        guard let header = window.read(at: position, count: 60), header[58] == 0x60, header[59] == 0x0a,
            let size = Int(text(header[48..<58])), let member = window.part(at: position + 60, count: size)
        else { return nil }
        let name = text(header[0..<16])
        // The symbol table and the table of long names hold neither code nor data.
        if name != "/", name != "//", name != "/SYM64/" {
            // No compiler puts an archive into an archive; a hostile one could nest them deeper than the stack is.
            let isArchive = member.read(at: 0, count: min(7, size))?.starts(with: Magic.archive.dropLast()) == true
            let goesOn =
                isArchive
                ? body(ArtifactPart(.opaque, member, name: "a member")) : visitParts(member, name: "a member", body)
            guard goesOn else { return false }
        }
        position += 60 + size + size % 2
    }
    return position >= window.size ? true : nil
}

private func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != 0x20 }, as: UTF8.self)
}

/// Where things stand in the headers of ELF files, which are of two classes (elf.h).
private struct ElfClass {
    /// The size of a word, in bytes.
    let word: Int

    init?(_ header: [UInt8]) {
        switch header[4] {
        case 1: word = 4
        case 2: word = 8
        default: return nil
        }
    }

    /// Of the file's header: `e_shoff`, which a word for the entry and one for the program headers precede.
    var tableOffset: Int { 24 + 2 * word }
    /// `e_shentsize`, `e_shnum` and `e_shstrndx` stand side by side at the end.
    var entrySize: Int { 34 + 3 * word }
    /// The size of a section's header: four numbers of 32 bits and six words.
    var sectionHeader: Int { 16 + 6 * word }

    /// The word at `offset`.
    func word(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
        word == 8 ? integer(bytes, at: offset, as: UInt64.self) : UInt64(integer(bytes, at: offset, as: UInt32.self))
    }
}

/// Sections of a little-endian ELF file; nil for any other, which is then searched whole.
private func visitSections(_ window: FileWindow, _ body: Visit) -> Bool? {
    guard let header = window.read(at: 0, count: 52), header[5] == 1, let form = ElfClass(header),
        let header = window.read(at: 0, count: form.entrySize + 6)
    else { return nil }
    let (offset, entrySize, count, nameIndex) = header.withUnsafeBytes { header in
        (
            Int(truncatingIfNeeded: form.word(header, at: form.tableOffset)),
            Int(integer(header, at: form.entrySize, as: UInt16.self)),
            Int(integer(header, at: form.entrySize + 2, as: UInt16.self)),
            Int(integer(header, at: form.entrySize + 4, as: UInt16.self))
        )
    }
    guard entrySize == form.sectionHeader, count > 0, nameIndex < count,
        let table = window.part(at: offset, count: entrySize * count)?.readAhead(count: entrySize * count)
    else { return nil }
    // The names stay in memory: with LLVM those of the symbols are among them, and are searched.
    guard
        let nameSection = table.withBytes({ SectionHeader($0, nameIndex, form) }),
        let names = window.part(at: nameSection.offset, count: nameSection.size)?.readAhead(count: nameSection.size),
        let sections = names.withBytes({ names in
            table.withBytes { table in
                names.last == 0
                    ? wantedSections((0..<count).lazy.map { SectionHeader(table, $0, form) }, names, of: window.size)
                    : nil
            } ?? nil
        }) ?? nil
    else { return nil }
    return visitRuns(sections, of: window, NameTable(start: nameSection.offset, window: names), body)
}

/// The names of all sections, in memory.
private struct NameTable {
    /// Where it begins in the file.
    let start: Int
    let window: FileWindow
}

/// What stands of a section in the table of sections.
private struct SectionHeader {
    let name: Int
    let type: UInt32
    let flags: UInt64
    let offset: Int
    let size: Int

    init(_ sections: UnsafeRawBufferPointer, _ index: Int, _ form: ElfClass) {
        let base = index * form.sectionHeader
        name = Int(integer(sections, at: base, as: UInt32.self))
        type = integer(sections, at: base + 4, as: UInt32.self)
        flags = form.word(sections, at: base + 8)
        offset = Int(truncatingIfNeeded: form.word(sections, at: base + 8 + 2 * form.word))
        size = Int(truncatingIfNeeded: form.word(sections, at: base + 8 + 3 * form.word))
    }

    /// SHT_NOBITS has no contents; SHT_SYMTAB, SHT_RELA, SHT_REL and SHT_GROUP have nothing but numbers.
    var hasText: Bool {
        switch type {
        case 8, 2, 4, 9, 17: false
        default: size != 0
        }
    }

    /// SHF_COMPRESSED.
    var isCompressed: Bool { flags & 0x800 != 0 }
}

/// A section that is searched.
private struct WantedSection {
    let form: ArtifactPart.Form
    let start: Int
    let end: Int
    let name: Int
    let isSymbolNames: Bool
}

/// The sections that are searched; nil where one of them has no name, or lies outside of the file, or where they are longer
/// than the file together: sixty thousand that share all its bytes would be searched for hours.
private func wantedSections(
    _ headers: some Sequence<SectionHeader>, _ names: UnsafeRawBufferPointer, of fileSize: Int
) -> [WantedSection]? {
    var wanted: [WantedSection] = []
    var length = 0
    for header in headers where header.hasText {
        guard header.name < names.count else { return nil }
        let name = UnsafeRawBufferPointer(rebasing: names[header.name...])
        if SectionName.isLeftOut(name) { continue }
        guard 0...fileSize ~= header.offset, 0...fileSize - header.offset ~= header.size else { return nil }
        length += header.size
        guard length <= fileSize else { return nil }
        let form: ArtifactPart.Form =
            if SectionName.metadata.contains(where: { name.starts(with: $0) }) {
                .metadata
            } else if header.isCompressed || name.starts(with: SectionName.coverageMap) {
                .opaque
            } else {
                .data
            }
        wanted.append(
            WantedSection(
                form: form, start: header.offset, end: header.offset + header.size, name: header.name,
                isSymbolNames: name.starts(with: SectionName.symbolNames)))
    }
    return wanted
}

/// Sections between which there is no more than this are read and searched at once.
private let widestGap = 4096

/// Calls `body` with each run of neighbouring sections that hold data, and with every other section.
private func visitRuns(
    _ sections: [WantedSection], of window: FileWindow, _ names: NameTable, _ body: Visit
) -> Bool {
    func visit(_ run: [WantedSection]) -> Bool {
        guard let first = run.first else { return true }
        let count = run.reduce(first.end) { max($0, $1.end) } - first.start
        let known = names.window.part(at: first.start - names.start, count: count)
        guard let contents = known ?? window.part(at: first.start, count: count) else { return true }
        let parts = run.map { section in
            ObjectSection(
                bytes: section.start - first.start..<section.end - first.start, name: section.name,
                isSymbolNames: section.isSymbolNames)
        }
        return body(ArtifactPart(first.form, contents, parts, names.window))
    }
    var run: [WantedSection] = []
    var end = 0
    for section in sections.sorted(by: { $0.start < $1.start }) {
        // Names are in memory; what is no data has a form of its own.
        if section.form != .data || section.start == names.start {
            guard visit([section]) else { return false }
            continue
        }
        if !run.isEmpty, section.start - end > widestGap {
            guard visit(run) else { return false }
            run = []
        }
        end = run.isEmpty ? section.end : max(end, section.end)
        run.append(section)
    }
    return visit(run)
}

/// Names of sections, or what they start with; a zero stands behind a whole one.
private enum SectionName {
    /// rustc's crate metadata, in a shared library and in an object file.
    static let metadata = [".rustc\0", ".rmeta\0"].map { Array($0.utf8) }

    static let symbolNames = Array(".strtab\0".utf8)

    /// What `-C instrument-coverage` leaves for reports: the working directory and the paths of the sources, which LLVM
    /// compresses (`CoverageFilenamesSectionWriter`).
    static let coverageMap = Array("__llvm_covmap\0".utf8)

    /// Debug information, and bitcode that is embedded in an object file: it repeats what its code and data say, and the
    /// compiler's command line; the standard library's objects in a staticlib have it.
    static let leftOut = [
        ".debug_", ".zdebug_", ".rela.debug_", ".rel.debug_", ".gdb_index", ".llvmbc\0", ".llvmcmd\0",
    ].map { Array($0.utf8) }

    static func isLeftOut(_ name: UnsafeRawBufferPointer) -> Bool {
        // An object file has thousands of sections of code, whose names begin otherwise.
        name.count > 1 && leftOut.contains { $0[1] == name[1] && name.starts(with: $0) }
    }
}

private func integer<Value: FixedWidthInteger>(
    _ bytes: UnsafeRawBufferPointer, at offset: Int, as _: Value.Type
) -> Value {
    Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
}
