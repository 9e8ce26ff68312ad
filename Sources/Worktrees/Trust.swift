import FileTree
import Git
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The commands of `.wtconfig` files that the user has approved of in one repository.
///
/// The commands of an event are approved of together, in their order, since one can hinge on the one before it. They are
/// recorded word for word, in the user's own state directory: whoever hands out a repository as an archive, `.git`
/// included, can supply everything in it. A record holds for the repository at this path, and not for another one that
/// takes its place.
public struct Trust: Sendable {
    /// What was approved of: the commands of one event.
    public struct Approval: Hashable, Sendable {
        /// The event.
        public let event: HookEvent
        /// The commands, in order, as bytes: for Swift two ways to write an `é` are the same text, for a shell they are not.
        public let texts: [[UInt8]]
    }

    /// Where the record is; nil where there is no place for one, or the repository cannot be told from others.
    public let file: FilePath?
    /// The repository, as the record names it.
    let owner: [[UInt8]]
    /// Why there is no place.
    private let obstacle: String

    /// The record of the repository at `location`. `environment` has `XDG_STATE_HOME` or `HOME`.
    public init(of location: RepositoryLocation, environment: [String: String]) {
        let directory = location.commonDirectory
        let identity = try? LastingIdentity(directory)
        // Not the device's number, which can be another one when a file system is mounted again.
        owner = [
            Array("wt trust 1".utf8), directory.bytes,
            Array((identity.map { "\($0.inode) \($0.birth.seconds) \($0.birth.nanoseconds)" } ?? "").utf8),
        ]
        guard let state = Self.stateDirectory(environment), identity != nil else {
            file = nil
            obstacle = identity == nil ? "\(directory) cannot be seen" : "neither XDG_STATE_HOME nor HOME is set"
            return
        }
        obstacle = ""
        let place = location.mainWorktree ?? directory
        let name = PathTemplate.pathName(place.lastComponent?.string ?? "")
        file = state.appending("wt").appending("trust").appending("\(name.prefix(60))-\(Self.hash(directory.bytes))")
    }

    /// `$XDG_STATE_HOME`, or `~/.local/state` (XDG Base Directory Specification, which passes over relative paths).
    private static func stateDirectory(_ environment: [String: String]) -> FilePath? {
        if let path = environment["XDG_STATE_HOME"].map({ FilePath($0) }), path.isAbsolute { return path }
        guard let home = environment["HOME"].map({ FilePath($0) }), home.isAbsolute else { return nil }
        return home.appending(".local").appending("state")
    }

    /// FNV-1a with 64 bits. The record itself says whose it is; this only gives it a name.
    private static func hash(_ bytes: [UInt8]) -> String {
        let value = bytes.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// What was approved of, and why a record does not count, where there is one that does not.
    public func approvals() -> (Set<Approval>, problem: String?) {
        guard let file, FileStatus.ifPresent(file) != nil else { return ([], nil) }
        let problem = "\(file) does not count: it, or its directory, is not yours alone to write"
        guard let above = FileStatus.ifPresent(file.removingLastComponent()), Self.isOwn(above, .directory) else {
            return ([], problem)
        }
        do throws(FileError) {
            let bytes = try readFile(file, upTo: Self.longest, following: false) { Self.isOwn($0, .file) }
            return (Set(approvals(in: bytes)), nil)
        } catch {
            return ([], error.code == .notPermitted ? problem : "\(error)")
        }
    }

    private static let longest = 4 << 20

    /// Nobody else can have written it, short of the administrator.
    private static func isOwn(_ status: FileStatus, _ kind: FileKind) -> Bool {
        status.kind == kind && status.uid == geteuid() && status.mode & 0o022 == 0
    }

    /// Fields end with NUL, which no command contains: whose the record is, and for each approval the event, the
    /// commands, and an empty field.
    func approvals(in bytes: [UInt8]) -> [Approval] {
        guard bytes.last == 0, bytes.count <= Self.longest else { return [] }
        var fields = bytes.dropLast().split(separator: 0, omittingEmptySubsequences: false)[...]
        guard fields.count >= owner.count, zip(fields, owner).allSatisfy({ $0.elementsEqual($1) }) else { return [] }
        fields = fields.dropFirst(owner.count)
        // A list that is cut off is another list.
        guard fields.isEmpty || fields.last?.isEmpty == true else { return [] }
        return fields.split(whereSeparator: \.isEmpty).compactMap { list in
            guard let event = HookEvent(rawValue: String(decoding: list[list.startIndex], as: UTF8.self)) else {
                return nil
            }
            return Approval(event: event, texts: list.dropFirst().map { Array($0) })
        }
    }

    func bytes(of approvals: Set<Approval>) -> [UInt8] {
        let lists = approvals.map { approval -> [UInt8] in
            Self.fields([Array(approval.event.rawValue.utf8)] + approval.texts + [[]])
        }
        return lists.sorted { $0.lexicographicallyPrecedes($1) }.reduce(into: Self.fields(owner)) { $0 += $1 }
    }

    static func fields(_ fields: [[UInt8]]) -> [UInt8] {
        fields.reduce(into: []) { $0 += $1 + [0] }
    }

    /// Records that the user approves of these commands, which are all that a `.wtconfig` has. What was approved of
    /// before stays: another branch may have it. Throws `Failure` when it cannot be written.
    public func approve(_ commands: [HookCommand]) throws(Failure) {
        guard let file else { throw Failure(.failed, "cannot record what you trust: \(obstacle)") }
        var (all, problem) = approvals()
        if let problem { throw Failure(.failed, problem, hints: ["remove it, or make it yours"]) }
        all.formUnion(Self.approvals(of: commands))
        do throws(FileError) {
            try write(bytes(of: all), to: file)
        } catch {
            throw Failure(.failed, "cannot record what you trust: \(error)")
        }
    }

    /// The commands by event.
    static func approvals(of commands: [HookCommand]) -> [Approval] {
        HookEvent.allCases.compactMap { event in
            let texts = commands.filter { $0.event == event }.map { Array($0.text.utf8) }
            return texts.isEmpty ? nil : Approval(event: event, texts: texts)
        }
    }
}
