import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport

/// A command that changes something, what stands there before it, and what must hold after it, however it ended.
enum FaultScenario: String, CaseIterable {
    /// `wt new` of a new branch, natively.
    case newBranch
    /// `wt new` of an existing branch with other sources, at a path below a directory that is not there.
    case newExisting
    /// `wt new` that leaves the worktree to git. Only its own calls go wrong.
    case newByGit
    /// `wt seed` of a worktree that git has made, on the branch with other sources.
    case seed
    /// `wt rm` of a worktree whose branch is merged.
    case remove
    /// `wt rm @`, by way of the shell's function.
    case removeHere
    /// `wt clean` of a seeded worktree.
    case clean
    /// `wt clean --stale`, after a change of what is built.
    case cleanStale
    /// `wt dedupe` of a worktree and a copy.
    case dedupe
    /// `wt prune` of a worktree that somebody has deleted.
    case prune

    /// What the command's worktree is called, in the scene.
    var worktreeName: String { self == .newExisting ? "above/one" : "one" }

    /// The branch of that worktree.
    var branch: String { [.newExisting, .seed].contains(self) ? "topic" : "one" }

    /// `wt`'s arguments, and where it is started.
    func words(_ place: FaultPlace) -> (arguments: [String], directory: FilePath) {
        let main = place.repository.path
        let worktree = place.path(worktreeName)
        return switch self {
        case .newBranch, .newExisting: (["new", branch, "--path", worktree.string], main)
        case .newByGit: (["new", branch, "--no-seed", "--path", worktree.string], main)
        case .seed: (["seed", "topic"], main)
        case .remove: (["rm", "--wait", "one"], main)
        case .removeHere: (["rm", "--wait", "@"], worktree)
        case .clean: (["clean", "--yes", "--wait", "one"], main)
        case .cleanStale: (["clean", "--stale", "--yes", "--wait", "one"], main)
        case .dedupe: (["dedupe"], main)
        case .prune: (["prune"], main)
        }
    }

    /// What the shell's function sets.
    func settings(_ place: FaultPlace) -> [String: String] {
        self == .removeHere ? ["WT_GO_FILE": place.goFile.string] : [:]
    }

    /// Makes what the command is to work on.
    func prepare(_ place: FaultPlace) throws {
        let worktree = place.path(worktreeName)
        func made() throws {
            _ = try MadeWorktree(branch, ["--path", worktree.string], from: place.workspace)
        }
        switch self {
        case .newBranch, .newExisting: break
        case .newByGit: try place.repository.git("config", "core.sharedRepository", "group")
        case .seed: try place.repository.git("worktree", "add", "--quiet", worktree.string, branch)
        case .remove, .removeHere, .clean:
            try made()
            try place.repository.write("mine.local", "ignored\n", in: worktree)
            if self == .clean { try place.keep("one/mine.local") }
            if self == .clean { try place.keep("one/target/mine.txt") }
        case .cleanStale:
            try made()
            try place.keep("one/mine.local")
            try place.repository.git("rm", "--quiet", "below/build.rs", in: worktree)
            try place.repository.write(
                "below/src/lib.rs",
                "pub fn value() -> String { format!(\"{} {}\", 7, named::value()) }\n", in: worktree)
            try place.repository.commit("no build script", in: worktree)
            try place.workspace.build(in: worktree)
        case .dedupe:
            try place.repository.git("worktree", "add", "--quiet", "-b", branch, worktree.string)
            try place.run(["cp", "-a", "\(place.repository.path)/target", worktree.string])
            // As new as the donor's, or cargo would build again.
            for name in ["src", "below", "Cargo.toml", "Cargo.lock"] {
                try place.run(["rm", "-rf", worktree.appending(name).string])
                try place.run(["cp", "-a", place.repository.path.appending(name).string, worktree.string])
            }
            try place.repository.git("update-index", "-q", "--refresh", in: worktree)
        case .prune:
            try made()
            try place.run(["rm", "-rf", worktree.string])
        }
    }

    /// Worktrees in which nothing may change.
    func untouched(_ place: FaultPlace) -> [FilePath] {
        // Both are the user's there, but for the inodes of what is relinked.
        self == .dedupe ? [place.repository.path, place.path(worktreeName)] : [place.repository.path]
    }

    /// Whether it says how many units stay cold.
    var seeds: Bool { [.newBranch, .newExisting, .seed].contains(self) }

    /// The calls that something went wrong with before it was mended: they are always among those that fail.
    func mended(_ calls: [Faults.Call]) -> [Int] {
        let known: [(name: String, path: String)] =
            switch self {
            // The root was made, and could not be looked at; it stayed.
            case .newBranch: [("newfstatat", "/scene/one")]
            // Not to be seen, and so nobody's; and not the user's mistake.
            // And OUT_DIR that cannot be listed is not an empty one.
            case .seed: [("newfstatat", "/.git/worktrees"), ("newfstatat", "/.wtconfig"), ("openat", "/out")]
            // Nobody took away the empty trash, a record of which not all was written, and locks.
            case .remove:
                [
                    ("mkdir", "/held-0"), ("write", "/from"), ("rmdir", "/wt-trash"), ("unlink", "/packed-refs.lock"),
                    ("unlink", "/refs/heads/one.lock"),
                ]
            case .clean: [("rmdir", "/wt-trash")]
            // Read twice, and trusted to be the same.
            case .cleanStale: [("read", "/one/Cargo.lock")]
            // Half a registration was left, which neither git nor wt knew any more.
            case .prune: [("unlinkat", "/index")]
            case .newExisting, .newByGit, .removeHere, .dedupe: []
            }
        return calls.indices.filter { index in
            let path = calls[index].path.replacing(/held-[0-9-]+/, with: "held-0")
            return known.contains { $0.name == calls[index].name && path.hasSuffix($0.path) }
        }
    }

    /// Branches that the command may delete.
    var mayLose: Set<String> { [.remove, .removeHere].contains(self) ? [branch] : [] }
}
