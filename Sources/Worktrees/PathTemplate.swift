import FileTree
import SystemPackage

/// Where a new worktree goes: text with `{parent}`, `{repo}` and `{branch}` in it.
public struct PathTemplate: Hashable, Sendable, CustomStringConvertible {
    /// The text.
    public let description: String
    /// Whether a repository asks for it, and not the user.
    let isFromRepository: Bool

    /// A sibling of the main worktree, never inside another worktree: cargo would find the outer workspace and its
    /// configuration there.
    public static let standard = PathTemplate(trusted: "{parent}/{repo}.{branch}")

    private init(trusted text: String) {
        description = text
        isFromRepository = false
    }

    /// Checks a template. Throws `Failure` when it does not name the branch, or has an unknown placeholder; with
    /// `isFromRepository` also when it could lead anywhere else than beside the repository, to a place whose name begins
    /// with the repository's: below `~/.config`, say, a worktree's files would be somebody's settings. `place` is put
    /// behind the message.
    public init(_ text: String, isFromRepository: Bool = false, at place: String = "") throws(Failure) {
        do throws(Failure) {
            try self.init(checking: text, isFromRepository)
        } catch {
            throw Failure(error.kind, error.message + place, hints: error.hints)
        }
        if isFromRepository, !Self.isBesideRepository(text) {
            throw Failure(
                .usage, "wt.path is '\(text)'\(place), which a repository may not ask for",
                hints: [
                    "there it begins with {parent}/{repo}, for example {parent}/{repo}.worktrees/{branch}",
                    "git config wt.path <path>   is your own choice, and counts more",
                ])
        }
    }

    /// Whether every path of the template is in `{parent}`, below a directory that is named after the repository, and is
    /// not the repository's own. What stands for the repository and the branch has no slash, and does not begin with a dot.
    private static func isBesideRepository(_ text: String) -> Bool {
        // By bytes, as a file system has it: a `/` with a combining mark behind is another character.
        let start = Array("{parent}/{repo}".utf8)
        let bytes = Array(text.utf8)
        let slash = UInt8(ascii: "/")
        guard bytes.starts(with: start), bytes.count > start.count, bytes[start.count] != slash else { return false }
        guard
            String(decoding: bytes[start.count...], as: UTF8.self).unicodeScalars
                .firstRange(of: "{parent}".unicodeScalars) == nil
        else { return false }
        return bytes.split(separator: slash).allSatisfy { component in
            let name = String(decoding: component, as: UTF8.self)
            return name != "." && name != ".." && !name.lowercased().hasSuffix(".git")
        }
    }

    private init(checking text: String, _ isFromRepository: Bool) throws(Failure) {
        guard text.contains("{branch}") else {
            throw Failure(
                .usage, "wt.path is '\(text)', which is the same for every branch", hints: ["put {branch} in it"])
        }
        guard !text.hasPrefix("~") else {
            throw Failure(
                .usage, "wt.path is '\(text)', and only '~/' can be read as a home directory, where HOME is set")
        }
        let rest = ["{parent}", "{repo}", "{branch}"].reduce(text) { $0.replacing($1, with: "") }
        guard !rest.unicodeScalars.contains("{"), !rest.unicodeScalars.contains("}") else {
            throw Failure(
                .usage, "wt.path is '\(text)', which has an unknown placeholder",
                hints: ["{parent}, {repo} and {branch} are understood"])
        }
        description = text
        self.isFromRepository = isFromRepository
    }

    /// The path for `branch`, absolute. `repository`: the main worktree, or the repository itself where it is bare;
    /// a relative template counts from there. `isSuffixed` puts a hash of the branch's name behind the name, which is
    /// shortened until no component of the path is longer than file systems take.
    public func path(branch: String, repository: FilePath, isSuffixed: Bool = false) -> FilePath {
        let suffix = isSuffixed ? "-\(Self.suffix(for: branch))" : ""
        var name = Substring(Self.pathName(branch))
        var path = path(name + suffix, repository)
        let fixed = Set(self.path("", repository).components)
        while name.count > 1,
            path.components.contains(where: { $0.bytes.count > Self.longestName && !fixed.contains($0) })
        {
            name.removeLast()
            // Not the end that a shortened name may have either.
            while name.count > 1, let last = name.last, "-.".contains(last) { name.removeLast() }
            path = self.path(name + suffix, repository)
        }
        return path
    }

    /// NAME_MAX is 255 bytes. The administrative directory gets this name, too, with a number behind where it is taken,
    /// and git makes files beside such names that end in `.lock`.
    private static let longestName = 245

    private func path(_ branchName: Substring, _ repository: FilePath) -> FilePath {
        var name = repository.lastComponent.map { FilePath(root: nil, [$0]).bytes } ?? []
        if name.elementsEqual(".git".utf8) { name = Array("repository".utf8) }
        if name.suffix(4).elementsEqual(".git".utf8), name.count > 4 { name.removeLast(4) }
        let values = [
            ("{parent}", repository.removingLastComponent().bytes), ("{repo}", name),
            ("{branch}", Array(branchName.utf8)),
        ]
        // One pass: what is put in can contain braces of its own.
        var text: [UInt8] = []
        var rest = Array(description.utf8)[...]
        while let next = rest.first {
            if let (placeholder, value) = values.first(where: { rest.starts(with: $0.0.utf8) }) {
                text += value
                rest = rest.dropFirst(placeholder.utf8.count)
            } else {
                text.append(next)
                rest = rest.dropFirst()
            }
        }
        return repository.pushing(FilePath(bytes: text)).lexicallyNormalized()
    }

    /// A branch name as one component of a path: everything but letters with their marks, digits, `.`, `_`, `+`, `=` and
    /// `@` becomes `-`, and it starts with neither a dot nor a dash, so that it is no hidden file and no option. It does
    /// not end with a dot either, and is no name of a device, which file systems from Windows refuse.
    static func pathName(_ branch: String) -> String {
        var safe = String.UnicodeScalarView()
        for scalar in branch.unicodeScalars { safe.append(isSafe(scalar) ? scalar : "-") }
        var name = String(safe).drop { $0 == "." || $0 == "-" }
        while name.utf8.count > 200 { name.removeLast() }
        while name.last == "." { name.removeLast() }
        guard !name.isEmpty else { return "worktree" }
        let stem = name.prefix { $0 != "." }
        return isDevice(stem.lowercased()) ? "\(stem)-\(name.dropFirst(stem.count))" : String(name)
    }

    private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .decimalNumber, .letterNumber, .otherNumber:
            true
        default: "._+=@-".unicodeScalars.contains(scalar)
        }
    }

    private static func isDevice(_ name: String) -> Bool {
        if ["con", "prn", "aux", "nul"].contains(name) { return true }
        return name.utf8.count == 4 && (name.hasPrefix("com") || name.hasPrefix("lpt"))
            && ("1"..."9").contains(String(name.suffix(1)))
    }

    /// What is added to a path that another branch has taken (`feature/x` after `feature-x`): eight hexadecimal digits
    /// that depend on nothing but the branch's name (FNV-1a).
    static func suffix(for branch: String) -> String {
        let hash = branch.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
