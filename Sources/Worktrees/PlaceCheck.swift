import CargoCache
import FileTree
import SystemPackage

/// Whether a recipient may be given units in the build directory that cargo uses there. Cargo takes what stands in a build
/// directory for the work of whichever worktree it is started in, as long as that one's files are older: what is put into
/// a directory that another worktree builds in, too, makes that one run the wrong program.
struct PlaceCheck {
    private let recipient: FilePath
    /// The roots of all worktrees, the recipient's too, without symlinks.
    private let roots: [FilePath]
    /// Where the others build, without symlinks.
    private var used: [(worktree: FilePath, place: FilePath)] = []
    /// Others for which cargo cannot say that.
    private var unknown: [FilePath] = []

    /// `worktrees` are the roots of all worktrees, `donors` those that were looked at, `directories` those of the workspaces
    /// that are to be seeded, relative to a worktree's root. Cargo is asked only about worktrees that were not looked at.
    init(
        of recipient: FilePath, among worktrees: [FilePath], donors: Donors, directories: Set<FilePath>,
        environment: [String: String]
    ) {
        let own = resolved(recipient)
        let standing = worktrees.filter { FileStatus.ifPresent($0) != nil }.map { ($0, resolved($0)) }
        let others = standing.filter { $0.1 != own }.map(\.0)
        self.recipient = own
        roots = standing.map(\.1) + [own]
        let places = directories.union([""])
        let found = others.concurrentMap { root -> [FilePath]? in
            // A symlink there counts before anything is built through it.
            let usual = places.map { root.appending($0.components).appending("target") }
            if let donor = donors.known.first(where: { $0.worktree.path == root }) {
                return usual + donor.unbuilt + donor.workspaces.map(\.buildDirectory.path)
            }
            var result = usual
            for place in places.map({ root.appending($0.components) })
            where FileStatus.ifPresent(place.appending("Cargo.toml")) != nil {
                guard let build = try? BuildDirectory(ofWorkspaceAt: place, environment: environment) else {
                    return nil
                }
                result.append(build.path)
            }
            return result
        }
        for (root, places) in zip(others, found) {
            if places == nil { unknown.append(root) }
            used += Set(places ?? []).map { (root, resolved($0)) }
        }
    }

    /// Why nothing may be put into the build directory at `place`, half a sentence; nil when nothing is against it. `isNew`:
    /// the recipient has just been made, so that whatever stands there is not its own.
    func objection(to place: FilePath, isNew: Bool) -> String? {
        let real = resolved(place)
        let home = roots.filter { real.starts(with: $0) }.max { $0.length < $1.length }
        if let home, home != recipient { return "it builds in \(place), which lies in the worktree \(home)" }
        if let other = used.first(where: { real.starts(with: $0.place) })?.worktree {
            return "it builds in \(place), and so does \(other)"
        }
        if let symlink = Self.symlink(in: real) {
            return "it builds in \(place), in which \(symlink) is a symlink that leads elsewhere"
        }
        guard home == nil else { return nil }
        if let unknown = unknown.first {
            return "it builds in \(place), and cargo cannot say whether \(unknown) does, too"
        }
        guard Self.isBuilt(real), isNew || !Self.isOfOnePath(real) else { return nil }
        return "it builds in \(place), which lies outside of it and has units already, whose is not known"
    }

    /// Whether something has been built there.
    static func isBuilt(_ place: FilePath) -> Bool {
        BuildTree.isBuildDirectory(place) || !BuildTree.nestedBuildDirectories(of: place).isEmpty
    }

    /// Whether the path has cargo's `{workspace-path-hash}` in it, sixteen digits of which two are a directory's name
    /// (`ConfigRelativePath::resolve_templated_path` and its caller, `GlobalContext::custom_build_dir`): no workspace at
    /// another path builds there.
    private static func isOfOnePath(_ place: FilePath) -> Bool {
        func isHexadecimal(_ name: FilePath.Component, _ count: Int) -> Bool {
            name.string.utf8.count == count
                && name.string.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
        }
        let names = Array(place.components)
        return zip(names, names.dropFirst()).contains { isHexadecimal($0, 2) && isHexadecimal($1, 14) }
    }

    /// A profile directory, or one in it, that is somewhere else: nothing is put through it.
    private static func symlink(in place: FilePath) -> FilePath? {
        guard let entries = try? Directory(place).entries() else { return nil }
        for entry in entries {
            let path = FilePath(root: nil, [entry.name])
            if entry.kind == .symlink { return path }
            guard entry.kind == .directory, let inside = try? Directory(place.appending(entry.name)).entries() else {
                continue
            }
            if let below = inside.first(where: { $0.kind == .symlink }) { return path.appending(below.name) }
        }
        return nil
    }
}

/// The path without symlinks, of which the last parts need not be there; a symlink that leads nowhere is followed as far as
/// its text goes.
func resolved(_ path: FilePath) -> FilePath {
    var path = path.lexicallyNormalized()
    for _ in 0..<8 {
        var missing: [FilePath.Component] = []
        var current = path
        while realPath(current) == nil, FileStatus.ifPresent(current) == nil, let name = current.lastComponent {
            missing.append(name)
            current.removeLastComponent()
        }
        if let real = realPath(current) { return real.appending(missing.reversed()) }
        guard let text = try? symlinkTarget(current) else { return path }
        path = current.removingLastComponent().pushing(FilePath(bytes: text)).appending(missing.reversed())
            .lexicallyNormalized()
    }
    return path
}
