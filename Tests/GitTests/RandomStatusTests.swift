import FileTree
import Glibc
import SystemPackage
import Testing

@testable import Git

/// Random work in a small tree with random ignore files, looked at after every few steps by git and without it.
@Suite struct RandomStatusTests {
    @Test(arguments: [UInt64](1...8))
    func randomWorkIsCountedAsByGit(seed: UInt64) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("worktree add -q --detach ../tree")
        let repository = try sandbox.open()
        let worktree = try #require(try repository.location.worktrees().last)
        let command = GitCommand(worktree: worktree.path, environment: sandbox.environment)
        var work = RandomWork(sandbox, root: worktree.path, seed: seed)
        var native = 0
        let rounds = 40
        for round in 0..<rounds {
            let steps = try work.doSome()
            let git = try command.status()
            // Opened once a round, as info/exclude is read once.
            let reader = StatusReader(try sandbox.open())
            if let status = try? reader.nativeStatus(of: worktree) {
                native += 1
                #expect(status == git, "seed \(seed), round \(round): \(steps)")
                let shared = try reader.nativeStatus(of: worktree, by: Hands(count: 3, grain: 1))
                #expect(shared == git, "seed \(seed), round \(round): \(steps)")
            }
            #expect(try reader.status(of: worktree) == git, "seed \(seed), round \(round): \(steps)")
        }
        // Renames and conflicts between files and directories go to git.
        #expect(native > rounds / 3, "seed \(seed)")
    }
}

/// One random tree. The same seed does the same.
private struct RandomWork {
    private let sandbox: Sandbox
    private let root: FilePath
    private var state: UInt64
    private let names = ["a", "b", "c", "ab", "a b", "x.o", "y.o", ".h", "é", "B"]

    init(_ sandbox: Sandbox, root: FilePath, seed: UInt64) {
        self.sandbox = sandbox
        self.root = root
        state = seed
    }

    /// A few steps; says which.
    mutating func doSome() throws -> [String] {
        try (0...number(4)).map { _ in try step() }
    }

    /// splitmix64.
    private mutating func number(_ count: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ mixed >> 31) % UInt64(count))
    }

    private mutating func one<Element>(of elements: [Element]) -> Element { elements[number(elements.count)] }

    private mutating func path() -> FilePath {
        (0...number(4)).reduce(root) { path, _ in path.appending(one(of: names)) }
    }

    private mutating func step() throws -> String {
        let path = path()
        switch number(18) {
        case 0...4:
            try write(text(), to: path)
            return "write \(path)"
        case 5, 6:
            // A symlink on the way can lead in circles.
            try? removeTree(path)
            return "remove \(path)"
        case 7:
            try makeWay(to: path)
            try makeDirectories(path)
            return "mkdir \(path)"
        case 8:
            try makeWay(to: path)
            let text = one(of: names)
            _ = path.withPlatformString { symlink(text, $0) }
            return "ln -s \(text) \(path)"
        case 9:
            if FileStatus.ifPresent(path)?.kind == .file { chmod(path.string, one(of: [0o644, 0o755])) }
            return "chmod \(path)"
        case 10:
            try sandbox.shell("touch -h -c -d @\(1_500_000_000 + number(1000)) '\(path)' || true", in: root)
            return "touch \(path)"
        case 11, 12:
            let directory = one(of: [path, path.removingLastComponent(), root])
            guard FileStatus.ifPresent(directory)?.kind == .directory else { return "nothing" }
            let rules = (0...number(3)).map { _ in rule() }.joined(separator: "\n")
            try write(rules + one(of: ["\n", "", "\r\n"]), to: directory.appending(".gitignore"))
            return "ignore in \(directory): \(rules)"
        case 13:
            let rules = rule()
            try sandbox.write(rules + "\n", to: sandbox.path("repo/.git/info/exclude"))
            return "exclude \(rules)"
        case 14, 15:
            try sandbox.shell("git add -f '\(path)' 2>/dev/null || true", in: root)
            return "add \(path)"
        case 16:
            try sandbox.shell("git rm -q -r --cached -f '\(path)' 2>/dev/null || true", in: root)
            return "rm --cached \(path)"
        default:
            try sandbox.shell("git add \(one(of: ["-A", "-u"])); git commit -qm x --allow-empty", in: root)
            return "commit"
        }
    }

    /// Contents that often have the same size.
    private mutating func text() -> String { (0..<number(3)).map { _ in one(of: ["1", "2", "3\n"]) }.joined() }

    private mutating func rule() -> String {
        let first = one(of: names)
        let second = one(of: names)
        let pattern = one(of: [
            first, "*.o", "\(first)*", "?\(second)", "*", "/\(first)", "\(first)/\(second)", "\(first)/*",
            "*/\(second)",
            "**/\(first)", "\(first)/**", "\(first)/**/\(second)", "/*", "[a-b]", "[^a]*", "*b*",
            "/\(first)/*/\(second)",
            "**", "**/\(first)/\(second)", "#\(first)", "\(first)  ", "a*b", "\(first)//\(second)", "/**/\(first)",
        ])
        return (number(3) == 0 ? "!" : "") + pattern + (number(4) == 0 ? "/" : "")
    }

    /// Takes away files and symlinks where directories have to be.
    private func makeWay(to path: FilePath) throws {
        var above = path
        while above.removeLastComponent(), above.bytes.count > root.bytes.count {
            if FileStatus.ifPresent(above).map({ $0.kind != .directory }) == true { try removeTree(above) }
        }
        try removeTree(path)
        try makeDirectories(path.removingLastComponent())
    }

    private func write(_ text: String, to path: FilePath) throws {
        try makeWay(to: path)
        try sandbox.write(text, to: path)
    }
}
