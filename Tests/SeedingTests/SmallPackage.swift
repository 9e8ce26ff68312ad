import TestSupport

extension SmallWorkspace {
    /// Builds in the main worktree, seeds a worktree on `topic`, builds there, and returns what the program prints
    /// there (with that worktree's path as `HERE`) and the seeding.
    func valueWhenSeeded(
        _ layout: TestSupport.Layout = .legacy, at path: String = "seeded"
    ) throws -> (value: String?, seeded: SeededWorktree) {
        try build(layout)
        let seeded = try SeededWorktree(from: self, branch: "topic", name: path)
        try build(layout, in: seeded.path)
        let value = try report(of: seeded.path)["value"]
        return (value?.replacing(seeded.path.string, with: "HERE"), seeded)
    }
}
