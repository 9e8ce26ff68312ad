/// A file in the syntax of git's configuration, from bytes that need not be trusted: nothing that it includes is read,
/// unlike with libgit2, which has no way to parse without following `include.path`. As git reads it (git_parse_source,
/// config.c), but that every setting has a section, and that white space within a value stays as it is, as it does in git from
/// 2.45 on.
public struct ConfigurationText: Sendable {
    /// One setting.
    public struct Entry: Hashable, Sendable {
        /// Section and name in lower case, the subsection between them as it is written.
        public let key: String
        /// Nil for a key without `=`.
        public let value: String?
        /// The line that it begins on, counted from 1.
        public let line: Int
    }

    /// Something that git would not accept either, on this line.
    public struct SyntaxError: Error, Hashable {
        /// The line, counted from 1.
        public let line: Int
        /// What is wrong there, a clause for people.
        public let reason: String
    }

    /// All settings, in the order in which they stand there.
    public private(set) var entries: [Entry] = []

    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    /// The section with a dot behind, subsection included.
    private var section = ""

    /// Parses the text. Throws `SyntaxError`, also for bytes that are not UTF-8 and for NUL, which no setting can hold.
    public init(_ text: [UInt8]) throws(SyntaxError) {
        guard String(validating: text, as: UTF8.self) != nil, !text.contains(0) else {
            throw SyntaxError(line: 1, reason: "it is not UTF-8 text")
        }
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        bytes = text.starts(with: mark) ? Array(text.dropFirst(3)) : text
        while let next = take() {
            switch next {
            case _ where next.isBlank: continue
            case UInt8(ascii: "#"), UInt8(ascii: ";"): while let byte = take(), byte != newline {}
            case UInt8(ascii: "["): try readSection()
            case _ where next.isLetter: try readEntry(startingWith: next)
            default: throw error("it is neither a section nor a setting")
            }
        }
    }

    private func error(_ reason: String) -> SyntaxError { SyntaxError(line: line, reason: reason) }

    /// The next byte; a line end of Windows counts as one byte.
    private mutating func take() -> UInt8? {
        guard position < bytes.count else { return nil }
        if bytes[position] == carriageReturn, position + 1 < bytes.count, bytes[position + 1] == newline {
            position += 1
        }
        defer { position += 1 }
        if position > 0, bytes[position - 1] == newline { line += 1 }
        return bytes[position]
    }

    private mutating func takeIf(_ isWanted: (UInt8) -> Bool) -> UInt8? {
        guard position < bytes.count, isWanted(bytes[position]) else { return nil }
        return take()
    }

    /// get_base_var and get_extended_base_var: `[section]`, `[section.sub]` and `[section "sub"]`.
    private mutating func readSection() throws(SyntaxError) {
        var name: [UInt8] = []
        while let byte = take() {
            switch byte {
            case UInt8(ascii: "]"):
                guard !name.isEmpty else { throw error("a section has no name") }
                section = name.text + "."
                return
            case _ where byte == newline: throw error("a section does not end")
            case _ where byte.isBlank:
                section = name.text + "." + (try readSubsection()) + "."
                return
            case _ where byte.isKeyByte || byte == UInt8(ascii: "."): name.append(byte.lowered)
            default: throw error("a section's name has letters, digits, '-' and '.' only")
            }
        }
        throw error("a section does not end")
    }

    private mutating func readSubsection() throws(SyntaxError) -> String {
        while takeIf({ $0.isBlank && $0 != newline }) != nil {}
        guard takeIf({ $0 == quote }) != nil else { throw error("a subsection stands in quotes") }
        var name: [UInt8] = []
        while var byte = take(), byte != newline {
            if byte == quote {
                guard takeIf({ $0 == UInt8(ascii: "]") }) != nil else { break }
                return name.text
            }
            if byte == backslash {
                guard let escaped = take(), escaped != newline else { break }
                byte = escaped
            }
            name.append(byte)
        }
        throw error("a section does not end")
    }

    private mutating func readEntry(startingWith first: UInt8) throws(SyntaxError) {
        let start = line
        guard !section.isEmpty else { throw error("a setting stands before the first section") }
        var name = [first.lowered]
        while let byte = takeIf(\.isKeyByte) { name.append(byte.lowered) }
        while takeIf({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) != nil {}
        let key = section + name.text
        switch take() {
        case nil, newline: entries.append(Entry(key: key, value: nil, line: start))
        case UInt8(ascii: "="): entries.append(Entry(key: key, value: try readValue(), line: start))
        default: throw error("'=' is missing behind '\(name.text)'")
        }
    }

    /// parse_value.
    private mutating func readValue() throws(SyntaxError) -> String {
        let start = line
        var value: [UInt8] = []
        var pending: [UInt8] = []
        var isQuoted = false
        while let byte = take() {
            if byte == newline {
                if isQuoted { throw SyntaxError(line: start, reason: "a quote does not end") }
                return value.text
            }
            if byte.isBlank, !isQuoted {
                if !value.isEmpty { pending.append(byte) }
                continue
            }
            if !isQuoted, byte == UInt8(ascii: ";") || byte == UInt8(ascii: "#") {
                while let rest = take(), rest != newline {}
                return value.text
            }
            value += pending
            pending = []
            switch byte {
            case quote: isQuoted.toggle()
            case backslash:
                switch take() {
                case nil, newline: break
                case UInt8(ascii: "t"): value.append(UInt8(ascii: "\t"))
                case UInt8(ascii: "b"): value.append(0x08)
                case UInt8(ascii: "n"): value.append(newline)
                case let escaped? where escaped == quote || escaped == backslash: value.append(escaped)
                default: throw error("behind a backslash stands one of \\, \", n, t and b, or the line's end")
                }
            default: value.append(byte)
            }
        }
        if isQuoted { throw SyntaxError(line: start, reason: "a quote does not end") }
        return value.text
    }
}

private let newline: UInt8 = 0x0a
private let carriageReturn: UInt8 = 0x0d
private let quote = UInt8(ascii: "\"")
private let backslash = UInt8(ascii: "\\")

extension UInt8 {
    /// isspace as git has it (sane_ctype, ctype.c): neither VT nor FF.
    fileprivate var isBlank: Bool { [0x20, 0x09, 0x0a, 0x0d].contains(self) }
    fileprivate var isLetter: Bool { (0x41...0x5a).contains(self) || (0x61...0x7a).contains(self) }
    /// iskeychar, config.c.
    fileprivate var isKeyByte: Bool { isLetter || (0x30...0x39).contains(self) || self == UInt8(ascii: "-") }
    var lowered: UInt8 { (0x41...0x5a).contains(self) ? self + 0x20 : self }
}
