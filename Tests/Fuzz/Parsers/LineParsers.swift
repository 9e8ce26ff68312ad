import ArgumentParser
import SystemPackage
import Worktrees

@testable import wt

extension FuzzedParser {
    /// Command lines, and what other programs say.
    static let lines = [
        FuzzedParser("command-line") { bytes in
            let words = bytes.split(separator: 0x0a, omittingEmptySubsequences: false).prefix(12)
                .map { String(decoding: $0, as: UTF8.self) }
            let ordered = globalOptionsLast(Array(words))
            try promise(ordered.sorted() == words.sorted(), "no word is lost")
            let parsed = try? WTCommand.parseAsRoot(ordered)
            guard let plain = plainCommand(Array(words)) else { return }
            switch (plain, parsed) {
            case (let mine as ListCommand, let theirs as ListCommand):
                let isSame =
                    mine.noSize == theirs.noSize && mine.branches == theirs.branches && mine.json == theirs.json
                try promise(isSame && mine.sort == theirs.sort, "the parser reads the same flags")
            case (let mine as NewCommand, let theirs as NewCommand):
                let isSame = mine.branch == theirs.branch && mine.startPoint == theirs.startPoint
                try promise(isSame, "the parser reads the same names")
                let isBare = theirs.from.isEmpty && !theirs.noSeed && !theirs.dryRun && theirs.command == nil
                try promise(isBare && !theirs.detach && theirs.path == nil, "and nothing else")
            case (let mine as SeedCommand, let theirs as SeedCommand):
                try promise(mine.worktree == theirs.worktree, "the parser reads the same name")
                try promise(theirs.from.isEmpty && !theirs.change.dryRun, "and nothing else")
            case (let mine as RemoveCommand, let theirs as RemoveCommand):
                try promise(mine.worktrees == theirs.worktrees, "the parser reads the same names")
                try promise(mine.force == theirs.force && !theirs.deleteBranch, "and nothing else")
            default: throw BrokenPromise(description: "the parser takes every plain line")
            }
        },
        FuzzedParser("bash-line", in: "completion") { bytes in
            let (first, second) = bytes.halves
            let (line, word) = (String(decoding: first, as: UTF8.self), String(decoding: second, as: UTF8.self))
            let table = CommandTable("c\trm\t\t\na\t\t= one o'two \"three\" $four\t\no\t--by\t= a=b c:d\t\n")
            _ = BashLine(line, completing: word).answer(table)
            guard !word.isEmpty else { return }
            for quote: Unicode.Scalar? in [nil, "'", "\""] {
                let open = quote.map(String.init) ?? ""
                let text = BashLine("wt x \(open)\(BashLine.quoted(word, in: quote))\(open) ")
                try promise(text.words.last.map { Array($0.utf8) } == Array(word.utf8), "a quoted word is one word")
                try promise(text.words.count == 2 && text.quote == nil, "and no more")
            }
        },
        FuzzedParser("command-table", in: "completion") { bytes in
            let text = CommandTable(String(decoding: bytes, as: UTF8.self)).text
            try promise(CommandTable(text).text == text, "what is written is read again")
        },
        FuzzedParser("claude-code", in: "json") { bytes in
            guard let request = try? ClaudeCode.request(bytes) else { return }
            switch request {
            case .create(let name, _): try promise(!name.isEmpty, "a worktree has a name")
            case .remove(let path): try promise(path.isAbsolute, "what is removed is named whole")
            }
        },
        FuzzedParser("nearest-name", in: "names") { bytes in
            let words = bytes.split(separator: 0x0a, omittingEmptySubsequences: false).prefix(4)
                .map { String(decoding: $0.prefix(64), as: UTF8.self) }
            guard let first = words.first else { return }
            let nearest = nearestName(to: first, among: Array(words.dropFirst()))
            try promise(nearest.map(words.dropFirst().contains) != false, "the nearest is one of them")
            try promise(nearestName(to: first, among: [first]) == first, "nothing is nearer than the same")
        },
    ]
}
