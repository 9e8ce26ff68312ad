import Git
import Terminal
import Worktrees

extension Listing {
    /// One row each, as `wt help list` describes it. `now` is in seconds since the epoch.
    func table(now: Int64) -> Table {
        let histories = rows.map(\.history) + branches.map(\.history)
        var columns = [
            Column("") { .init($0.isCurrent ? "@" : $0.worktree.isMain ? "^" : "", .bold) },
            Column("branch", { .init($0.headText, $0.isCurrent ? .bold : .plain) }, branch: { .init($0.name) }),
            Column("state") { .init($0.stateText, $0.stateStyle) },
        ]
        var dispensable: [Int] = []
        func add(_ column: Column) -> Int {
            columns.append(column)
            return columns.count - 1
        }
        var upstream: [Int] = []
        if histories.contains(where: { $0.upstream != nil }) {
            upstream = [add(Column("upstream", { $0.history.upstreamCell }, branch: { $0.history.upstreamCell }))]
        }
        if let defaultBranch,
            histories.contains(where: { $0.fromDefault.isPending || $0.fromDefault.value != .some(nil) })
        {
            _ = add(Column(defaultBranch, { $0.history.defaultCell }, branch: { $0.history.defaultCell }))
        }
        var cache: [Int] = []
        if rows.contains(where: { !$0.cacheText.isEmpty }) {
            cache = [add(Column("cache", alignment: .right) { .init($0.cacheText) })]
        }
        let age = add(Column("age") { .init($0.ageText(now)) })
        dispensable = [age] + upstream + cache
        let path = add(Column("path", keepsEnd: true) { .init($0.worktree.path.string, .dim) })
        var table = Table(columns.map(\.title), shrinking: [path, 1, 2], dispensable: dispensable)
        for row in rows { table.addRow(columns.map { $0.cell(row) }) }
        for branch in branches { table.addRow(columns.map { $0.branchCell(branch) }) }
        return table
    }
}

/// A column, and what stands in it.
private struct Column {
    let title: Table.Column
    let cell: (Listing.Row) -> Table.Cell
    let branchCell: (Listing.Branch) -> Table.Cell

    init(
        _ title: String, alignment: Table.Alignment = .left, keepsEnd: Bool = false,
        _ cell: @escaping (Listing.Row) -> Table.Cell,
        branch: @escaping (Listing.Branch) -> Table.Cell = { _ in "" }
    ) {
        self.title = Table.Column(title, alignment, keepsEnd: keepsEnd)
        self.cell = cell
        branchCell = branch
    }
}

/// What stands where something is still to come.
private let placeholder = "…"

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
        if worktree.isBare { return "" }
        var parts: [String] = []
        if worktree.pruneReason != nil { parts.append("prunable") }
        if status.isPending { parts.append(placeholder) }
        if let status = status.value ?? nil { parts.append(status.summary) }
        if statusFailure != nil { parts.append("unknown") }
        parts += worktree.operations.map(\.rawValue)
        if worktree.isLocked { parts.append("locked") }
        return parts.joined(separator: ", ")
    }

    fileprivate var stateStyle: Style {
        if status.isPending { return .plain }
        if worktree.pruneReason != nil || statusFailure != nil { return .red }
        return status.value??.isClean == true && worktree.operations.isEmpty ? .green : .yellow
    }

    fileprivate var cacheText: String {
        if cache.isPending { return placeholder }
        guard let cache = cache.value ?? nil, cache.usage.total > 0 else { return "" }
        let bound = cache.exclusiveIsUpperBound && cache.usage.exclusive > 0 ? "≤" : ""
        return "\(bound)\(ByteCount(cache.usage.exclusive).short)/\(ByteCount(cache.usage.total).short)"
    }

    fileprivate func ageText(_ now: Int64) -> String {
        if lastUse.isPending { return placeholder }
        guard let time = lastUse.value ?? nil else { return "" }
        // A file can be a moment younger than the clock that was read before it.
        return RelativeAge(of: min(time.seconds, now), at: now).description
    }
}

extension Listing.History {
    fileprivate var upstreamCell: Table.Cell {
        guard let upstream else { return "" }
        if upstream.commit == nil { return Table.Cell("gone", .red) }
        return Table.Cell(fromUpstream.isPending ? placeholder : (fromUpstream.value ?? nil)?.arrows ?? "")
    }

    fileprivate var defaultCell: Table.Cell {
        if fromDefault.isPending { return Table.Cell(placeholder) }
        guard let divergence = fromDefault.value ?? nil else { return "" }
        guard let merged = merged.value ?? nil else {
            return Table.Cell(merged.isPending ? "\(divergence.arrows) \(placeholder)" : divergence.arrows)
        }
        // A branch that has not begun is where the default branch is: nobody has merged it.
        let isSame = divergence == Divergence()
        return Table.Cell(isSame ? divergence.arrows : "\(divergence.arrows) \(merged.how.word)", .green)
    }
}

extension Divergence {
    fileprivate var arrows: String {
        let parts = [(ahead, "↑"), (behind, "↓")].filter { $0.0 > 0 }.map { "\($0.1)\($0.0)" }
        return parts.isEmpty ? "=" : parts.joined(separator: " ")
    }
}

extension Merged {
    fileprivate var word: String {
        switch self {
        case .ancestor: "merged"
        case .sameTree: "same files"
        case .patches: "rebased"
        case .squashed: "squashed"
        }
    }
}
