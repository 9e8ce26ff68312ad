/// What one thread writes before it asks for more: a directory, alone or with all below it. Two threads in one
/// directory would wait for each other in the kernel, so no directory is in two jobs.
struct CheckoutJob: Sendable {
    let folder: Int
    /// Whether the directories below belong to it.
    let isDeep: Bool

    /// Divides a tree so that each of `workers` gets several jobs.
    static func divide(_ tree: TreeListing, into workers: Int) -> [CheckoutJob] {
        guard workers > 1 else { return [CheckoutJob(folder: 0, isDeep: true)] }
        let limit = max(32, tree.count / (workers * 8))
        var jobs: [CheckoutJob] = []
        func add(_ number: Int) {
            let folder = tree.folders[number]
            guard folder.entries.count > limit, !folder.children.isEmpty else {
                jobs.append(CheckoutJob(folder: number, isDeep: true))
                return
            }
            jobs.append(CheckoutJob(folder: number, isDeep: false))
            for child in folder.children { add(child) }
        }
        add(0)
        return jobs
    }
}
