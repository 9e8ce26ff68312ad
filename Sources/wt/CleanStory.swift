import Terminal
import Worktrees

extension CleanPlan {
    /// What would be done: a line for each build directory, and the sum.
    var preview: [String] {
        var lines: [String] = []
        for worktree in worktrees {
            for directory in worktree.directories {
                let because = worktree.reason.map { " (\($0))" } ?? ""
                lines.append(
                    "would \(directory.units.isEmpty ? "clean" : "remove") \(directory.what)\(because): \(directory.usage.text("would free"))"
                )
                lines += directory.kept.isEmpty ? [] : ["would keep \(directory.keptText)"]
            }
            lines += worktree.left.map { "would leave \($0.path): \($0.reason)" }
        }
        if isEmpty {
            lines.append("nothing to clean")
        } else if worktrees.flatMap(\.directories).count > 1 {
            lines.append("together: \(usage.text("would free"))")
        }
        return lines
    }
}

extension Story {
    /// What `wt clean` did.
    func tell(_ result: CleanResult) {
        let directories = result.worktrees.flatMap(\.directories)
        for worktree in result.worktrees {
            for directory in worktree.directories {
                say("\(directory.units.isEmpty ? "cleaned" : "removed") \(directory.what)")
                for unit in directory.units { detail("\(unit.name): \(unit.reason)") }
                if !directory.kept.isEmpty { say("kept \(directory.keptText)") }
            }
            for left in worktree.left { warn("left \(left.path): \(left.reason)") }
        }
        for failure in result.failures { warn(failure) }
        if directories.isEmpty {
            if !result.hasLeft { say("nothing to clean") }
        } else {
            say(result.usage.text("freed"))
        }
    }
}

extension CleanPlan.Directory {
    /// What goes.
    fileprivate var what: String {
        units.isEmpty ? "\(path)" : "\(Plural(units.count, "unit")) of \(path) that no build uses any more"
    }

    /// What is not cargo's, by name, as far as there is room.
    fileprivate var keptText: String {
        let shown = kept.prefix(5).map { path.appending($0.components).string }
        let rest = kept.count > shown.count ? " and \(kept.count - shown.count) more" : ""
        return shown.joined(separator: ", ") + rest + ", which cargo did not make"
    }
}
