import Terminal
import Worktrees

extension Story {
    /// What was copied of the files that git ignores: in one line, and one for each with `-v`.
    func tell(_ included: Included) {
        if !included.files.isEmpty {
            say("copied \(included.files.summary(included.bytes)) from \(included.source)")
            for file in included.files { detail("copied: \(file.path)") }
        }
        for left in included.leftOut { detail("not copied: \(left.path), since \(left.reason)") }
    }
}

extension IncludePlan {
    /// What would be copied, file by file.
    var previewLines: [String] {
        var lines: [String] = []
        if !files.isEmpty {
            let bytes = files.reduce(0) { $0 + $1.size }
            lines.append("would copy \(files.summary(bytes)) from \(source)")
            lines += files.map { "  \($0.path)" }
        }
        return lines + leftOut.map { "would not copy \($0.path), since \($0.reason)" }
    }
}

extension [IncludePlan.File] {
    fileprivate func summary(_ bytes: Int64) -> String {
        "\(Plural(count, "file")) that git ignores (\(ByteCount(bytes)))"
    }
}

/// The files that git ignores, in the JSON of `wt new`.
struct IncludeJSON: Encodable {
    struct File: Encodable {
        let path: String
        let bytes: Int64
    }

    struct LeftOut: Encodable {
        let path: String
        let reason: String
    }

    /// The root of the worktree that they come from.
    let from: String
    /// Seen from the root of the worktree.
    let files: [File]
    let leftOut: [LeftOut]

    init(_ included: Included) {
        self.init(from: included.source.string, included.files, included.leftOut)
    }

    init(_ plan: IncludePlan) {
        self.init(from: plan.source.string, plan.files, plan.leftOut)
    }

    private init(from: String, _ files: [IncludePlan.File], _ leftOut: [IncludePlan.LeftOut]) {
        self.from = from
        self.files = files.map { File(path: $0.path.string, bytes: $0.size) }
        self.leftOut = leftOut.map { LeftOut(path: $0.path.string, reason: $0.reason) }
    }
}
