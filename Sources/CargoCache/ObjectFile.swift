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

    let name: String
    let form: Form
    let window: FileWindow
}

/// Takes an artifact apart: archives (`.rlib`, `.a`) into their members, ELF files into their sections without the
/// debug information, in which the compiler's working directory always stands and harms nobody.
func artifactParts(_ window: FileWindow, name: String) -> [ArtifactPart] {
    guard let magic = window.read(at: 0, count: min(8, window.size)) else {
        return [ArtifactPart(name: name, form: .opaque, window: window)]
    }
    if magic.starts(with: Array("!<arch>\n".utf8)) {
        return archiveParts(window) ?? [ArtifactPart(name: name, form: .opaque, window: window)]
    }
    if magic.starts(with: [0x7f, 0x45, 0x4c, 0x46]) {
        return elfParts(window) ?? [ArtifactPart(name: name, form: .data, window: window)]
    }
    // "BC" 0xC0DE and its wrapper; a thin archive holds nothing of its members.
    let opaque: [[UInt8]] = [[0x42, 0x43, 0xc0, 0xde], [0xde, 0xc0, 0x17, 0x0b], Array("!<thin>\n".utf8)]
    if opaque.contains(where: magic.starts) { return [ArtifactPart(name: name, form: .opaque, window: window)] }
    // METADATA_HEADER in rustc_metadata: "rust" and a version.
    let isMetadata = magic.starts(with: Array("rust\0\0\0".utf8))
    return [ArtifactPart(name: name, form: isMetadata ? .metadata : .data, window: window)]
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
            let isArchive = member.read(at: 0, count: min(7, size))?.starts(with: Array("!<arch>".utf8)) == true
            parts +=
                isArchive
                ? [ArtifactPart(name: "a member", form: .opaque, window: member)]
                : artifactParts(member, name: "a member")
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
    let table = Int(truncatingIfNeeded: integer(header, at: 40, as: UInt64.self))
    let entrySize = Int(integer(header, at: 58, as: UInt16.self))
    let count = Int(integer(header, at: 60, as: UInt16.self))
    let nameIndex = Int(integer(header, at: 62, as: UInt16.self))
    guard entrySize == 64, count > 0, nameIndex < count,
        let sections = window.read(at: table, count: entrySize * count)
    else { return nil }

    func section(_ index: Int) -> (name: Int, type: UInt32, flags: UInt64, offset: Int, size: Int) {
        let base = index * entrySize
        return (
            Int(integer(sections, at: base, as: UInt32.self)), integer(sections, at: base + 4, as: UInt32.self),
            integer(sections, at: base + 8, as: UInt64.self),
            Int(truncatingIfNeeded: integer(sections, at: base + 24, as: UInt64.self)),
            Int(truncatingIfNeeded: integer(sections, at: base + 32, as: UInt64.self))
        )
    }
    let nameSection = section(nameIndex)
    guard let names = window.read(at: nameSection.offset, count: nameSection.size) else { return nil }

    var parts: [ArtifactPart] = []
    // SHT_NOBITS has no contents; SHT_SYMTAB, SHT_RELA, SHT_REL and SHT_GROUP have nothing but numbers.
    let withoutText: Set<UInt32> = [8, 2, 4, 9, 17]
    let compressed: UInt64 = 0x800
    for index in 0..<count {
        let found = section(index)
        guard !withoutText.contains(found.type), found.size > 0, found.name < names.count else { continue }
        let name = String(decoding: names[found.name...].prefix { $0 != 0 }, as: UTF8.self)
        if isDebugSection(name) || isBitcodeBesideCode(name) { continue }
        guard let contents = window.part(at: found.offset, count: found.size) else { return nil }
        let form: ArtifactPart.Form =
            if name == ".rustc" || name == ".rmeta" {
                .metadata
            } else if found.flags & compressed != 0 || name == coverageMap {
                .opaque
            } else {
                .data
            }
        parts.append(ArtifactPart(name: name, form: form, window: contents))
    }
    return parts
}

/// What `-C instrument-coverage` leaves for reports: the working directory and the paths of the sources, which LLVM
/// compresses (`CoverageFilenamesSectionWriter`).
private let coverageMap = "__llvm_covmap"

/// Bitcode that is embedded in an object file repeats what its code and data say, and the compiler's command line; the
/// standard library's objects in a staticlib have it.
private func isBitcodeBesideCode(_ name: String) -> Bool {
    name == ".llvmbc" || name == ".llvmcmd"
}

private func isDebugSection(_ name: String) -> Bool {
    [".debug_", ".zdebug_", ".rela.debug_", ".rel.debug_", ".gdb_index"].contains(where: name.hasPrefix)
}

private func integer<Value: FixedWidthInteger>(_ bytes: [UInt8], at offset: Int, as _: Value.Type) -> Value {
    var reader = ByteReader(bytes, at: offset)
    return reader.integer(Value.self) ?? 0
}
