/// Names in a tree that git refuses to check out, in any spelling that some file system takes for `.git`
/// (verify_path, read-cache.c; is_ntfs_dotgit, path.c). Doubts more than git does: what is doubtful goes to git, which
/// knows.
enum TreeName {
    /// Why the name of a file (or of a directory, when `mode` is nil) is doubtful; nil when it is not.
    static func problem(_ name: [UInt8], _ mode: FileMode?) -> String? {
        guard let first = name.first else { return "an entry has no name" }
        if name.contains(UInt8(ascii: "/")) { return "a name has a slash in it" }
        if name.contains(UInt8(ascii: "\\")) { return "a name has a backslash in it" }
        // Letters that HFS+ leaves out when it compares names lie outside ASCII.
        guard first == UInt8(ascii: ".") || first | 0x20 == UInt8(ascii: "g") || first >= 0x80 else { return nil }
        if name == Array(".".utf8) || name == Array("..".utf8) { return "a name is a relative one" }
        let letters = name.filter { $0 < 0x80 }.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
        if letters.starts(with: "git~".utf8) { return "a name looks like .git" }
        guard letters.starts(with: ".git".utf8) else { return nil }
        let rest = letters.dropFirst(4)
        if rest.isEmpty || !isWordCharacter(rest.first!) { return "a name looks like .git" }
        // A symlink in the place of a file that git reads itself is refused.
        return mode == .symlink ? "a symlink has a name that git reads" : nil
    }

    private static func isWordCharacter(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
    }
}
