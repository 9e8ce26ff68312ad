import ArgumentParser
import Terminal
import Worktrees

/// `wt explain`.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show what the next cargo build will compile or run, and why.",
        discussion: """
            Looks at every unit that cargo has built here, in all profiles, by cargo's own rule and without starting a \
            build: what was built with other features, flags or settings than the next build has is not known here. \
            Units that are made again only because of one below them are counted under that one; -v names them. A unit \
            of which it cannot be told is counted as cold, and marked with '?'. Changes nothing.
            """)

    @Argument(help: "The worktree (default: the one you are in).")
    var worktree: String?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var global: GlobalOptions

    func run() throws {
        try global.run { session throws(Failure) in
            let explanation = try Explanation(
                of: try worktree.map { name throws(Failure) in try session.worktreeName(name) }, in: session.repository,
                settings: session.settings,
                currentDirectory: session.currentDirectory)
            if json {
                printJSON(ExplainJSON(explanation))
            } else {
                let report = ExplainReport(explanation)
                for line in report.lines(verbose: session.story.isVerbose) {
                    writeLine(escapedForTerminal(line), to: .standardOutput)
                }
            }
            for note in explanation.notes { session.story.warn(note) }
            return nil
        }
    }
}

/// `wt explain --json`.
struct ExplainJSON: Encodable {
    struct Workspace: Encodable {
        let root: String
        let buildDirectory: String
        let compiler: String?
        let units: [UnitJSON]

        init(_ workspace: ExplainedWorkspace) {
            root = workspace.root.string
            buildDirectory = workspace.buildDirectory.string
            compiler = workspace.compiler
            units = workspace.units.sorted { ($0.profile.string, $0.name) < ($1.profile.string, $1.name) }
                .map { UnitJSON($0) }
        }
    }

    let version = 1
    let worktree: String
    let branch: String?
    let donors: [String]
    let unitsLinked: Int
    let unitsCopied: Int
    let unitsCold: Int
    let unitsLeft: Int
    let workspaces: [Workspace]
    let notes: [String]

    init(_ explanation: Explanation) {
        worktree = explanation.worktree.path.string
        branch = explanation.worktree.head.branch
        donors = explanation.donors.map(\.string)
        let units = explanation.units
        unitsLinked = units.count { $0.action == .linked }
        unitsCopied = units.count { $0.action == .copied }
        unitsCold = units.count { $0.action == .cold }
        unitsLeft = units.count { $0.action == .left }
        workspaces = explanation.workspaces.map(Workspace.init)
        notes = explanation.notes
    }
}
