import FileTree

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
func visitSections(_ window: FileWindow, _ body: Visit) -> Bool? {
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
