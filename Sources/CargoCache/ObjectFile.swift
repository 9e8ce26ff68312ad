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

    init(_ form: Form, _ window: FileWindow, _ sections: [ObjectSection], _ names: FileWindow) {
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
    let name: Int
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
typealias Visit = (ArtifactPart) -> Bool

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
