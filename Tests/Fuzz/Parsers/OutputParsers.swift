@testable import Terminal

extension FuzzedParser {
    /// What reaches the terminal.
    static let output = [
        FuzzedParser("escaping", in: "terminal") { bytes in
            let shown = escapedForTerminal(bytes: bytes)
            try promise(shown.unicodeScalars.allSatisfy(isHarmless), "nothing is left that a terminal obeys")
            try promise(same(escapedForTerminal(shown), shown), "what was escaped stays as it is")
            let lines = escapedForTerminal(bytes: bytes, keepingNewlines: true)
            try promise(lines.unicodeScalars.allSatisfy { $0 == "\n" || isHarmless($0) }, "nor with line ends")
            let text = String(decoding: bytes, as: UTF8.self)
            if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { try promise(same(shown, text), "plain text stays") }
        },
        FuzzedParser("width", in: "terminal") { bytes in
            guard let width = bytes.first else { return }
            let text = escapedForTerminal(bytes: bytes.dropFirst())
            try promise(displayWidth(text) >= 0, "a width is none below zero")
            for keepingEnd in [false, true] {
                let cut = truncated(text, toWidth: Int(width), keepingEnd: keepingEnd)
                try promise(displayWidth(cut) <= Int(width), "what is cut fits")
            }
            var table = Table([.init("a"), .init("b", .right, keepsEnd: true)], shrinking: [1, 0], dispensable: [0])
            table.addRow([.init(text), "x"])
            table.addRow(["y", .init(String(text.prefix(7)))])
            _ = table.lines(width: Int(width), painter: Painter(isOn: false))
            _ = folded(text, to: Int(width))
        },
        FuzzedParser("exact-text", in: "terminal") { bytes in
            let line = String(decoding: bytes, as: UTF8.self)
            let shown = ExactText(line)
            try promise(shown.description.unicodeScalars.allSatisfy(isHarmless), "nothing is left that shows nothing")
            if shown.isEscaped {
                try promise(same(unescaped(shown.description), line), "what is shown says what it stands for")
            } else {
                try promise(same(shown.description, line), "what is not escaped is as it is")
                try promise(same(unescaped(line), line), "and does not look like something that is")
            }
        },
        FuzzedParser("byte-count", in: "terminal") { bytes in
            let number = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let count = ByteCount(Int64(bitPattern: number))
            try promise(count.short.count <= (count.bytes < 0 ? 6 : 5), "it is short: \(count.short)")
            try promise(!count.description.isEmpty, "it says something")
        },
    ]

    /// Two texts are the same for Swift where an `é` is written in two ways.
    private static func same(_ first: String, _ second: String) -> Bool {
        first.unicodeScalars.elementsEqual(second.unicodeScalars)
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "\u{200c}" || scalar == "\u{200d}" { return true }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }

    /// What `ExactText` has written, the other way round.
    private static func unescaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "\\", let next = rest.first else {
                result.append(scalar)
                continue
            }
            var digits: Substring.UnicodeScalarView = "".unicodeScalars[...]
            var length = 1
            if next == "x" {
                digits = rest.dropFirst().prefix(2)
                length = 3
            } else if next == "u", rest.dropFirst().first == "{" {
                digits = rest.dropFirst(2).prefix { $0 != "}" }
                length = digits.count + 3
            } else if next != "\\" {
                result.append(scalar)
                continue
            }
            let number = digits.isEmpty ? UInt32(0x5c) : UInt32(String(digits), radix: 16)
            guard let code = number.flatMap(Unicode.Scalar.init) else {
                result.append(scalar)
                continue
            }
            result.append(code)
            rest = rest.dropFirst(length)
        }
        return String(result)
    }
}
