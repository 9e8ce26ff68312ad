@testable import Git

extension FuzzedParser {
    /// Patterns for paths.
    static let patterns = [
        FuzzedParser("glob") { bytes in
            let (pattern, name) = bytes.halves
            // A path that is the pattern itself matches for libgit2 whatever stands in it.
            guard pattern != name, !bytes.contains(0), !pattern.contains(0x2f), !pattern.contains(0x5c),
                !name.contains(0x2f),
                let glob = Glob(pattern[...]), let theirs = wildmatch(pattern, name)
            else { return }
            try promise(glob.matches(name[...]) == theirs, "git's own wildmatch, which libgit2 has, says the same")
        },
        FuzzedParser("ignore-rules") { bytes in
            let (first, second) = bytes.halves
            let path = first.filter { $0 != 0 }
            guard !path.isEmpty, path.first != 0x2f, path.last != 0x2f else { return }
            let rules = IgnoreRules(second)
            let name = path.split(separator: 0x2f).last ?? []
            let isIgnored = try? rules.verdict(path[...], name: name, isDirectory: false)
            // A line more that matches everything has the last word, whatever comes before.
            let none = IgnoreRules(second + Array("\n!*\n".utf8))
            try promise(try none.verdict(path[...], name: name, isDirectory: false) == false, "the last pattern counts")
            if isIgnored != nil {
                var stack = IgnoreStack([])
                stack.push(prefix: 0, ignoreFile: second)
                let whole = try? stack.ignores(path, isDirectory: false)
                try promise(whole == (isIgnored ?? false), "a stack of one file is that file")
            }
        },
        FuzzedParser("include-patterns", in: "ignore-rules") { bytes in
            let (first, second) = bytes.halves
            guard let patterns = try? IncludePatterns(second) else { return }
            let path = first.split(separator: 0x2f).joined(separator: [0x2f]).filter { $0 != 0 }
            guard !path.isEmpty else { return }
            let isSelected = patterns.select(path, isDirectory: true)
            try promise(!isSelected || patterns.select(path + Array("/x".utf8), isDirectory: false), "all below, too")
            try promise(!patterns.isEmpty || !isSelected, "no pattern selects nothing")
            if let some = patterns.leading(into: path) { try promise(!some.isEmpty, "some pattern leads there") }
        },
        FuzzedParser("attributes", in: "git-text") { bytes in
            let found = AttributeScan.conversions(in: bytes)
            let mark: [UInt8] = [0xef, 0xbb, 0xbf]
            for line in bytes.dropFirst(bytes.starts(with: mark) ? mark.count : 0).split(separator: 0x0a) {
                // What git takes for white space here (`blank` in attr.c).
                let words = line.split { [0x20, 0x09, 0x0d].contains($0) }
                guard words.count > 1, words[0].first != 0x23, words[1].elementsEqual("filter=lfs".utf8) else {
                    continue
                }
                try promise(found.contains { $0.attribute == "filter=lfs" }, "a filter is seen")
                guard words[0].first != 0x5b else { continue }
                try promise(found.contains { $0.pattern == NamePattern(words[0]) }, "for these files")
            }
            let pattern = NamePattern(bytes.halves.first)
            if case .exact(let name) = pattern { try promise(pattern.mayMatch(name[...]), "a name is its own") }
        },
    ]
}
