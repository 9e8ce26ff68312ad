import FileTree
import SystemPackage

extension FilePath {
    /// The path as text for an argument of a child process, or nil when its bytes are not UTF-8 and text would name
    /// something else.
    public var exactString: String? {
        let text = string
        return Array(text.utf8) == bytes ? text : nil
    }

    /// This path, or, when it is relative, what it means seen from `base`; `.` and `..` are resolved by their names.
    func resolved(from base: FilePath) -> FilePath {
        (isAbsolute ? self : base.pushing(self)).lexicallyNormalized()
    }
}

extension Array<UInt8> {
    /// Without the white space and line ends behind.
    var trimmedEnd: ArraySlice<UInt8> {
        var end = endIndex
        while end > startIndex, self[end - 1].isSpace { end -= 1 }
        return self[startIndex..<end]
    }
}

extension UInt8 {
    /// Space, tab and line ends, as C's isspace(3) has them.
    var isSpace: Bool { self == 0x20 || (0x09...0x0d).contains(self) }
}

extension StringProtocol {
    /// Whether it starts with the bytes of `prefix`. `hasPrefix` compares characters, and a combining mark behind the prefix
    /// makes another one of its last.
    func starts(withBytesOf prefix: String) -> Bool { utf8.starts(with: prefix.utf8) }

    /// What follows the bytes of `prefix`, or nil when it does not start with them.
    func dropped(prefix: String) -> String? {
        guard starts(withBytesOf: prefix) else { return nil }
        return String(decoding: utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }
}

extension Collection<UInt8> {
    /// As text; invalid UTF-8 is repaired, so for messages, names of branches and words that git defines only.
    var text: String { String(decoding: self, as: UTF8.self) }

    /// As text; nil where they are no UTF-8.
    var exactText: String? { String(validating: self, as: UTF8.self) }
}
