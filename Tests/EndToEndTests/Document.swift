import FileTree
import Foundation
import SystemPackage
import TestSupport

/// A document of this project, for tests that hold it to what it says. `<!-- tried: NAME -->` stands above a fenced block
/// that a test takes.
struct Document {
    let text: String
    private var tried: [(name: String, text: String)] = []
    /// The blocks without such a line above.
    private(set) var untried: [String] = []

    /// Reads a file, by its path in the project. Throws `FileError`.
    init(_ path: String) throws {
        let project = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
        text = String(decoding: try readFile(project.pushing(FilePath(path))), as: UTF8.self)
        var name: String?
        var block: [Substring]?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                if let lines = block {
                    let body = lines.joined(separator: "\n") + "\n"
                    if let name { tried.append((name, body)) } else { untried.append(body) }
                    (block, name) = (nil, nil)
                } else {
                    block = []
                }
            } else if block != nil {
                block?.append(line)
            } else if line.hasPrefix("<!-- tried: "), line.hasSuffix(" -->") {
                name = String(line.dropFirst("<!-- tried: ".count).dropLast(" -->".count))
            }
        }
    }

    /// The names of the blocks that have one, in their order.
    var names: [String] { tried.map(\.name) }

    /// The blocks of this name.
    func blocks(_ name: String) -> [String] { tried.filter { $0.name == name }.map(\.text) }

    /// The only block of this name. Throws `TestFailure`.
    func block(_ name: String) throws -> String {
        guard blocks(name).count == 1 else { throw TestFailure("\(blocks(name).count) blocks are called \(name)") }
        return blocks(name)[0]
    }
}
