import SystemPackage

/// All of a repository's configuration as one value: system, global, local and included files, lowest first, as
/// `git config --list` prints it. A snapshot; later changes of the files do not show.
public struct Configuration: Sendable {
    /// Values by canonical key, in file order. A nil value is a key without `=`, which means true.
    private var values: [String: [[UInt8]?]] = [:]
    /// Where a key's last value stands, for people; of wt's own keys only.
    private var origins: [String: String] = [:]
    /// wt's own keys in the repository's configuration that do not count, since it can have been committed
    /// (`Repository.worktreeAround`).
    public private(set) var disregardedKeys: Set<String> = []
    private let home: FilePath?

    init(home: FilePath?) { self.home = home }

    /// The settings of one file, of which `origin` says for each line where it is.
    public init(_ text: ConfigurationText, origin: (_ line: Int) -> String) {
        self.init(home: nil)
        for entry in text.entries {
            append(key: entry.key, value: entry.value.map { Array($0.utf8) }, origin: origin(entry.line))
        }
    }

    mutating func append(key: String, value: [UInt8]?, origin: String? = nil) {
        let key = Self.canonical(key)
        values[key, default: []].append(value)
        if let origin { origins[key] = origin }
    }

    mutating func disregard(key: String) { disregardedKeys.insert(Self.canonical(key)) }

    /// Where the last value of `key` stands: a file, and a line where that is known. Nil where nothing is.
    public func origin(ofKey key: String) -> String? { origins[Self.canonical(key)] }

    /// The output of `git config --list -z`: `key LF value NUL`, or `key NUL` for a key without a value.
    init(listing: [UInt8], home: FilePath?) {
        self.init(home: home)
        for record in listing.split(separator: 0) {
            guard let end = record.firstIndex(of: 0x0a) else {
                append(key: record.text, value: nil)
                continue
            }
            append(key: record[..<end].text, value: Array(record[(end + 1)...]))
        }
    }

    /// The output of `git config --list --show-scope -z`: a scope, NUL, and a record as above. wt's own keys that the
    /// repository or a worktree sets do not count.
    init(scopedListing listing: [UInt8], home: FilePath?) {
        let fields = listing.split(separator: 0, omittingEmptySubsequences: false)
        var counting: [UInt8] = []
        var disregarded: Set<String> = []
        for (scope, record) in zip(fields, fields.dropFirst()).enumerated().filter({ $0.offset % 2 == 0 }).map(
            \.element)
        {
            let key = Self.canonical(record.prefix { $0 != 0x0a }.text)
            if key.hasPrefix("wt."), ["local", "worktree"].contains(scope.text) {
                disregarded.insert(key)
            } else {
                counting += record + [0]
            }
        }
        self.init(listing: counting, home: home)
        disregardedKeys = disregarded
    }

    /// The last value of `key`; nil when it is not set, empty when it has no value.
    public func string(forKey key: String) -> String? {
        value(forKey: key).map { ($0 ?? []).text }
    }

    /// All values of `key`, lowest priority first.
    public func strings(forKey key: String) -> [String] {
        (values[Self.canonical(key)] ?? []).map { ($0 ?? []).text }
    }

    /// `key` as a boolean, as git reads one (git_parse_maybe_bool, parse.c); nil when it is not set. Throws
    /// `GitError` when the value is none.
    public func bool(forKey key: String) throws(GitError) -> Bool? {
        guard let value = value(forKey: key) else { return nil }
        guard let text = value?.text else { return true }
        switch text.lowercased() {
        case "true", "yes", "on": return true
        case "false", "no", "off", "": return false
        default:
            guard let number = Self.number(text) else {
                throw GitError(.other, "bad boolean value '\(text)' of configuration key \(key)")
            }
            return number != 0
        }
    }

    /// `key` as a number with git's suffixes k, m and g; nil when it is not set. Throws `GitError` when it is none.
    public func int(forKey key: String) throws(GitError) -> Int? {
        guard let text = string(forKey: key) else { return nil }
        guard let number = Self.number(text) else {
            throw GitError(.other, "bad numeric value '\(text)' of configuration key \(key)")
        }
        return number
    }

    /// `key` as a path, with `~/` expanded as git does (git_config_pathname); nil when it is not set or empty.
    /// Relative paths stay relative: what they are relative to depends on the key.
    public func path(forKey key: String) -> FilePath? {
        guard let bytes = value(forKey: key) ?? nil, !bytes.isEmpty else { return nil }
        guard bytes[0] == UInt8(ascii: "~"), let home else { return FilePath(bytes: bytes) }
        if bytes.count == 1 { return home }
        guard bytes[1] == UInt8(ascii: "/") else { return FilePath(bytes: bytes) }
        return home.pushing(FilePath(bytes: bytes.dropFirst(2)))
    }

    /// The keys that are set and start with `prefix`, which must be in canonical case.
    public func keys(withPrefix prefix: String) -> [String] {
        values.keys.filter { $0.hasPrefix(prefix) }.sorted()
    }

    /// Whether `key` is set at all.
    public func hasKey(_ key: String) -> Bool { value(forKey: key) != nil }

    /// Whether `key` stands somewhere without a `=`.
    public func hasKeyWithoutValue(_ key: String) -> Bool {
        values[Self.canonical(key)]?.contains { $0 == nil } ?? false
    }

    private func value(forKey key: String) -> [UInt8]?? { values[Self.canonical(key)]?.last }

    /// Section and name in lower case; the subsection between the first and the last dot as it is.
    private static func canonical(_ key: String) -> String {
        guard let first = key.firstIndex(of: "."), let last = key.lastIndex(of: ".") else { return key.lowercased() }
        // A substring is put behind a string more slowly than another string.
        return key[..<first].lowercased() + String(key[first..<last]) + key[last...].lowercased()
    }

    /// git_parse_signed (parse.c): decimal, 0x hexadecimal or 0 octal, then k, m or g.
    private static func number(_ text: String) -> Int? {
        var digits = Substring(text.lowercased())
        var factor = 1
        for (suffix, unit) in [("k", 1 << 10), ("m", 1 << 20), ("g", 1 << 30)] where digits.hasSuffix(suffix) {
            digits.removeLast()
            factor = unit
        }
        let negative = digits.hasPrefix("-")
        if negative || digits.hasPrefix("+") { digits.removeFirst() }
        let magnitude =
            if digits.hasPrefix("0x") {
                Int(digits.dropFirst(2), radix: 16)
            } else if digits.hasPrefix("0"), digits.count > 1 {
                Int(digits, radix: 8)
            } else {
                digits.first?.isNumber == true ? Int(digits) : nil
            }
        guard let magnitude else { return nil }
        let (product, overflow) = magnitude.multipliedReportingOverflow(by: factor)
        return overflow ? nil : negative ? -product : product
    }
}
