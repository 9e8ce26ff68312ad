/// One line of an ignore file (gitignore(5); parse_path_pattern, match_basename and match_pathname, dir.c). Paths are bytes,
/// seen from the directory of the file.
struct IgnorePattern: Sendable {
    /// `!`: what matches is not ignored.
    let isNegative: Bool
    /// A slash behind: only directories match.
    private let isForDirectories: Bool
    let form: Form

    enum Form: Sendable {
        /// Without a slash: matches the last component of a path, wherever it is.
        case name(Glob)
        /// With one: matches the whole path.
        case path([Component])
        /// What git makes of it is not worked out here.
        case unclear
    }

    enum Component: Sendable {
        /// `**`: any number of directories; everything below as the last one.
        case anyDepth
        case glob(Glob)
    }

    /// Reads a line without its end; nil where it matches nothing: white space, a comment, an empty pattern.
    init?(line: ArraySlice<UInt8>) {
        guard line.first != UInt8(ascii: "#") else { return nil }
        // git stops reading at a NUL.
        if line.contains(0) {
            (isNegative, isForDirectories, form) = (line.first == UInt8(ascii: "!"), false, .unclear)
            return
        }
        var text = line
        // A backslash would keep a space; such a pattern is unclear.
        while text.last == UInt8(ascii: " ") { text.removeLast() }
        isNegative = text.first == UInt8(ascii: "!")
        if isNegative { text.removeFirst() }
        isForDirectories = text.last == UInt8(ascii: "/")
        if isForDirectories { text.removeLast() }
        guard !text.isEmpty else { return nil }
        form = Self.form(of: text)
    }

    private static func form(of text: ArraySlice<UInt8>) -> Form {
        if text.contains(UInt8(ascii: "\\")) { return .unclear }
        let slash = UInt8(ascii: "/")
        guard text.contains(slash) else { return Glob(text).map { .name($0) } ?? .unclear }
        let inside = text.first == slash ? text.dropFirst() : text
        var components: [Component] = []
        for part in inside.split(separator: slash, omittingEmptySubsequences: false) {
            if part.elementsEqual("**".utf8) {
                components.append(.anyDepth)
            } else if hasTwoStars(part) {
                // As good as one star, or as good as `**`, depending on what stands before it.
                return .unclear
            } else if let glob = Glob(part) {
                components.append(.glob(glob))
            } else {
                return .unclear
            }
        }
        return .path(components)
    }

    private static func hasTwoStars(_ part: ArraySlice<UInt8>) -> Bool {
        let star = UInt8(ascii: "*")
        return zip(part, part.dropFirst()).contains { $0 == star && $1 == star }
    }

    /// Whether the pattern matches `path`, which is not empty. Throws `Unproven` when that is not worked out here.
    func matches(_ path: ArraySlice<UInt8>, name: ArraySlice<UInt8>, isDirectory: Bool) throws(Unproven) -> Bool {
        if isForDirectories && !isDirectory { return false }
        switch form {
        case .name(let glob): return glob.matches(name)
        case .path(let components): return Self.match(components, path)
        case .unclear: throw Unproven("an ignore pattern is unusual")
        }
    }

    /// As with the stars of a `Glob`, only the last `**` has to be tried again farther down: what stood before it matched as
    /// early as it could. To try all of them would take forever where a pattern has many and a path is deep.
    private static func match(_ components: [Component], _ path: ArraySlice<UInt8>) -> Bool {
        let slash = UInt8(ascii: "/")
        var component = 0
        // Nil behind the last component of the path.
        var rest: ArraySlice<UInt8>? = path
        var retry: (component: Int, path: ArraySlice<UInt8>)?
        while true {
            if component == components.count {
                if rest == nil { return true }
            } else if let text = rest {
                switch components[component] {
                case .anyDepth:
                    component += 1
                    if component == components.count { return true }
                    retry = (component, text)
                    continue
                case .glob(let glob):
                    let end = text.firstIndex(of: slash) ?? text.endIndex
                    if glob.matches(text[..<end]) {
                        component += 1
                        rest = end == text.endIndex ? nil : text[(end + 1)...]
                        continue
                    }
                }
            }
            guard let last = retry, let end = last.path.firstIndex(of: slash) else { return false }
            let next = last.path[(end + 1)...]
            retry = (last.component, next)
            (component, rest) = (last.component, next)
        }
    }
}
