import FileTree
import SystemPackage

/// The attributes that make git compare something else than a file's own bytes with its blob (convert_to_git, convert.c).
/// As in `AttributeScan`, every line counts, whatever another one takes away: git is right in any case.
struct CheckInAttributes: Sendable {
    /// Lines for text files, which change nothing in a file without a CR.
    private var text: Set<NamePattern> = []
    /// Filters, encodings, expanded ids.
    private var others: Set<NamePattern> = []

    /// None.
    init() {}

    /// Those that hold for all worktrees: the repository's own, the user's, the system's, and the configuration. Throws
    /// `Unproven` when a file cannot be read.
    init(outsideTreeOf repository: borrowing Repository) throws(Unproven) {
        for place in repository.attributeFilesOutsideTree { try read(place) }
        let no: Set = ["false", "no", "off", "0", ""]
        if let value = repository.configuration.string(forKey: "core.autocrlf"), !no.contains(value.lowercased()) {
            text.insert(.all)
        }
    }

    /// Adds the lines of a file, if there is one. Throws `Unproven` when it cannot be read.
    mutating func read(_ place: FilePath) throws(Unproven) {
        do throws(FileError) {
            guard try FileStatus.ofExisting(place) != nil else { return }
            add(try readFile(place))
        } catch {
            throw Unproven(error.description)
        }
    }

    /// Whether git may compare other bytes than the file's, given its name and whether it has a CR.
    func mayChange(_ name: ArraySlice<UInt8>, hasCarriageReturn: Bool) -> Bool {
        others.contains { $0.mayMatch(name) } || hasCarriageReturn && text.contains { $0.mayMatch(name) }
    }

    private mutating func add(_ bytes: [UInt8]) {
        for words in AttributeScan.lines(of: bytes) {
            let first = words[0]
            // Whoever uses the name of such a macro may stand in another file.
            let pattern = first.starts(with: "[attr]".utf8) ? NamePattern.all : NamePattern(first)
            for word in words.dropFirst() {
                switch word.split(separator: UInt8(ascii: "="), maxSplits: 1).first?.text {
                case "text", "eol", "crlf": text.insert(pattern)
                case "filter", "ident", "working-tree-encoding": others.insert(pattern)
                default: continue
                }
            }
        }
    }
}
