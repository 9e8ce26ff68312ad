/// The hash that cargo puts into the names of a unit's files and directories: 16 hexadecimal digits after a dash
/// (`compilation_files.rs`).
enum UnitName {
    static let hashLength = 16

    static func isHash(_ text: some StringProtocol) -> Bool {
        text.utf8.count == hashLength && text.utf8.allSatisfy(isHexDigit)
    }

    /// Splits a directory name `<package>-<hash>`.
    static func split<Name: StringProtocol>(directory name: Name) -> (package: String, hash: String)?
    where Name.UTF8View: BidirectionalCollection {
        guard let dash = name.utf8.lastIndex(of: UInt8(ascii: "-")) else { return nil }
        let hash = name[name.index(after: dash)...]
        guard isHash(hash), dash > name.startIndex else { return nil }
        return (String(name[..<dash]), String(hash))
    }

    /// The hash in the name of a file in `deps` or `examples`: before the end, or before the first dot of what follows
    /// (`libfoo-<hash>.rlib`, `foo-<hash>.foo.<other>-cgu.0.rcgu.dwo`).
    static func hash(inFile name: String) -> String? {
        let base = name.utf8.firstIndex(of: UInt8(ascii: ".")).map { name[..<$0] } ?? name[...]
        return split(directory: base)?.hash
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
