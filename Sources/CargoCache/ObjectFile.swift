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

    /// A section's name where it begins in the table of names, up to a zero byte, or all of a member's.
    private let nameBytes: ArraySlice<UInt8>
    let form: Form
    let window: FileWindow

    /// Most parts are never named.
    var name: String { String(decoding: nameBytes.prefix { $0 != 0 }, as: UTF8.self) }

    init(name: String, form: Form, window: FileWindow) {
        self.init(nameBytes: Array(name.utf8)[...], form: form, window: window)
    }

    fileprivate init(nameBytes: ArraySlice<UInt8>, form: Form, window: FileWindow) {
        self.nameBytes = nameBytes
        self.form = form
        self.window = window
    }

    fileprivate static func member(_ form: Form, _ window: FileWindow) -> ArtifactPart {
        ArtifactPart(nameBytes: memberName, form: form, window: window)
    }

    fileprivate static let memberName = Array("a member".utf8)[...]
}

/// Takes an artifact apart: archives (`.rlib`, `.a`) into their members, ELF files into their sections without the
/// debug information, in which the compiler's working directory always stands and harms nobody.
func artifactParts(_ window: FileWindow, name: String) -> [ArtifactPart] {
    artifactParts(window, name: Array(name.utf8)[...])
}

/// A file or a member of an archive up to this size is read at once. The parts of a larger one are read one by one: most
/// of a large executable is debug information.
private let readAtOnce = 1 << 20

private func artifactParts(_ window: FileWindow, name: ArraySlice<UInt8>) -> [ArtifactPart] {
    let window = window.readAhead(upTo: readAtOnce)
    func whole(_ form: ArtifactPart.Form) -> [ArtifactPart] {
        [ArtifactPart(nameBytes: name, form: form, window: window)]
    }
    guard let magic = window.read(at: 0, count: min(8, window.size)) else { return whole(.opaque) }
    if magic.starts(with: Magic.archive) { return archiveParts(window) ?? whole(.opaque) }
    if magic.starts(with: Magic.elf) { return elfParts(window) ?? whole(.data) }
    if Magic.opaque.contains(where: magic.starts) { return whole(.opaque) }
    return whole(magic.starts(with: Magic.metadata) ? .metadata : .data)
}

private enum Magic {
    static let archive = Array("!<arch>\n".utf8)
    static let elf: [UInt8] = [0x7f, 0x45, 0x4c, 0x46]
    /// "BC" 0xC0DE and its wrapper; a thin archive holds nothing of its members.
    static let opaque: [[UInt8]] = [[0x42, 0x43, 0xc0, 0xde], [0xde, 0xc0, 0x17, 0x0b], Array("!<thin>\n".utf8)]
    /// METADATA_HEADER in rustc_metadata: "rust" and a version.
    static let metadata = Array("rust\0\0\0".utf8)
}

/// Members of a System V archive: a header of 60 bytes, the contents, padded to an even length.
private func archiveParts(_ window: FileWindow) -> [ArtifactPart]? {
    var parts: [ArtifactPart] = []
    var position = 8
    while position + 60 <= window.size {
        guard let header = window.read(at: position, count: 60), header[58] == 0x60, header[59] == 0x0a,
            let size = Int(text(header[48..<58])), let member = window.part(at: position + 60, count: size)
        else { return nil }
        let name = text(header[0..<16])
        // The symbol table and the table of long names hold neither code nor data.
        if name != "/", name != "//", name != "/SYM64/" {
            // No compiler puts an archive into an archive; a hostile one could nest them deeper than the stack is.
            let isArchive = member.read(at: 0, count: min(7, size))?.starts(with: Magic.archive.dropLast()) == true
            parts += isArchive ? [.member(.opaque, member)] : artifactParts(member, name: ArtifactPart.memberName)
        }
        position += 60 + size + size % 2
    }
    return position >= window.size ? parts : nil
}

private func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != 0x20 }, as: UTF8.self)
}

/// Sections of a 64-bit little-endian ELF file; nil for any other, which is then searched whole.
private func elfParts(_ window: FileWindow) -> [ArtifactPart]? {
    guard let header = window.read(at: 0, count: 64), header[4] == 2, header[5] == 1 else { return nil }
    let (table, entrySize, count, nameIndex) = header.withUnsafeBytes { header in
        (
            Int(truncatingIfNeeded: integer(header, at: 40, as: UInt64.self)),
            Int(integer(header, at: 58, as: UInt16.self)), Int(integer(header, at: 60, as: UInt16.self)),
            Int(integer(header, at: 62, as: UInt16.self))
        )
    }
    guard entrySize == 64, count > 0, nameIndex < count,
        let sections = window.read(at: table, count: entrySize * count)
    else { return nil }
    return sections.withUnsafeBytes { sections in
        let nameSection = SectionHeader(sections, nameIndex)
        guard let names = window.read(at: nameSection.offset, count: nameSection.size), names.last == 0 else {
            return nil
        }
        return elfParts(window, (0..<count).lazy.map { SectionHeader(sections, $0) }, names)
    }
}

/// What stands of a section in the table of sections.
private struct SectionHeader {
    let name: Int
    let type: UInt32
    let flags: UInt64
    let offset: Int
    let size: Int

    init(_ sections: UnsafeRawBufferPointer, _ index: Int) {
        let base = index * 64
        name = Int(integer(sections, at: base, as: UInt32.self))
        type = integer(sections, at: base + 4, as: UInt32.self)
        flags = integer(sections, at: base + 8, as: UInt64.self)
        offset = Int(truncatingIfNeeded: integer(sections, at: base + 24, as: UInt64.self))
        size = Int(truncatingIfNeeded: integer(sections, at: base + 32, as: UInt64.self))
    }

    /// SHT_NOBITS has no contents; SHT_SYMTAB, SHT_RELA, SHT_REL and SHT_GROUP have nothing but numbers.
    var hasText: Bool {
        switch type {
        case 8, 2, 4, 9, 17: false
        default: size > 0
        }
    }

    /// SHF_COMPRESSED.
    var isCompressed: Bool { flags & 0x800 != 0 }
}

private func elfParts(
    _ window: FileWindow, _ sections: some Sequence<SectionHeader>, _ names: [UInt8]
) -> [ArtifactPart]? {
    var parts: [ArtifactPart] = []
    for section in sections where section.hasText && section.name < names.count {
        let name = names[section.name...]
        if SectionName.leftOut.contains(where: { name.starts(with: $0) }) { continue }
        guard let contents = window.part(at: section.offset, count: section.size) else { return nil }
        let form: ArtifactPart.Form =
            if SectionName.metadata.contains(where: { name.starts(with: $0) }) {
                .metadata
            } else if section.isCompressed || name.starts(with: SectionName.coverageMap) {
                .opaque
            } else {
                .data
            }
        parts.append(ArtifactPart(nameBytes: name, form: form, window: contents))
    }
    return parts
}

/// Names of sections, or what they start with; a zero stands behind a whole one.
private enum SectionName {
    /// rustc's crate metadata, in a shared library and in an object file.
    static let metadata = [".rustc\0", ".rmeta\0"].map { Array($0.utf8) }

    /// What `-C instrument-coverage` leaves for reports: the working directory and the paths of the sources, which LLVM
    /// compresses (`CoverageFilenamesSectionWriter`).
    static let coverageMap = Array("__llvm_covmap\0".utf8)

    /// Debug information, and bitcode that is embedded in an object file: it repeats what its code and data say, and the
    /// compiler's command line; the standard library's objects in a staticlib have it.
    static let leftOut = [
        ".debug_", ".zdebug_", ".rela.debug_", ".rel.debug_", ".gdb_index", ".llvmbc\0", ".llvmcmd\0",
    ].map { Array($0.utf8) }
}

private func integer<Value: FixedWidthInteger>(
    _ bytes: UnsafeRawBufferPointer, at offset: Int, as _: Value.Type
) -> Value {
    Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
}
