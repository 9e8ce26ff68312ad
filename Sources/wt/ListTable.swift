import Git
import Terminal
import Worktrees

extension Listing {
    /// One row each: `@` for the worktree one is in, `^` for the main one; branch, state, cache, path.
    func table(sizes: Bool) -> Table {
        var columns = [Table.Column("", .left), Table.Column("branch", .left), Table.Column("state", .left)]
        if sizes { columns.append(Table.Column("cache", .right)) }
        columns.append(Table.Column("path", .left))
        var table = Table(columns, shrinking: columns.count - 1)
        for row in rows {
            var cells = [
                Table.Cell(row.isCurrent ? "@" : row.worktree.isMain ? "^" : "", .bold),
                Table.Cell(row.headText, row.isCurrent ? .bold : .plain), Table.Cell(row.stateText, row.stateStyle),
            ]
            if sizes { cells.append(Table.Cell(row.cacheText, .plain)) }
            cells.append(Table.Cell(row.worktree.path.string, .dim))
            table.addRow(cells)
        }
        return table
    }
}

extension Listing.Row {
    fileprivate var headText: String {
        switch worktree.head {
        case .branch(let name, _): name
        case .detached(let commit): "(detached \(commit.short))"
        case _ where worktree.isBare: "(bare)"
        default: "(unreadable)"
        }
    }

    fileprivate var stateText: String {
        var parts: [String] = []
        if worktree.isBare { return "" }
        if worktree.pruneReason != nil { parts.append("prunable") }
        if let status { parts.append(status.summary) }
        if statusFailure != nil { parts.append("unknown") }
        parts += worktree.operations.map(\.rawValue)
        if worktree.isLocked { parts.append("locked") }
        return parts.joined(separator: ", ")
    }

    fileprivate var stateStyle: Style {
        if worktree.pruneReason != nil || statusFailure != nil { return .red }
        return status?.isClean == true && worktree.operations.isEmpty ? .green : .yellow
    }

    fileprivate var cacheText: String {
        guard let cache, cache.total > 0 else { return "-" }
        return "\(ByteCount(cache.exclusive)) of \(ByteCount(cache.total))"
    }
}
