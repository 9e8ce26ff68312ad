import FileTree
import SystemPackage
import Testing

@testable import Git

/// What is said of a history without git: never more than git says, and enough for what users do every day.
@Suite struct ProvenAncestorTests {
    /// Random merges with dates in any order: nothing is proven that git denies.
    @Test func neverSaysMoreThanGit() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        let names = try sandbox.shell(
            #"""
            tree=$(git rev-parse 'HEAD^{tree}'); set --
            for i in $(seq 40); do
                parents=; for n in $((i * 7 % 5 + 1)) $((i * 11 % 9 + 2)); do
                    [ $n -le $# ] && eval "parents=\"$parents -p \${$n}\""
                done
                export GIT_COMMITTER_DATE="$((1700000000 + i * 37 % 23)) +0000"
                set -- "$(git commit-tree $parents -m $i $tree 2>/dev/null)" "$@"; git branch b$i $1
            done
            git for-each-ref --format='%(objectname)' refs/heads | sort -u
            """#)
        let commits = names.split(separator: "\n").compactMap { ObjectID(hex: String($0)) }
        let repository = try sandbox.open()
        var proven = 0
        for one in commits.prefix(12) {
            let git = Set(
                try sandbox.git("for-each-ref --format=%(objectname) --contains \(one) refs/heads").split(
                    separator: "\n"
                ).compactMap { ObjectID(hex: String($0)) })
            for other in commits where repository.isProvenAncestor(one, of: other) {
                proven += 1
                #expect(git.contains(other))
            }
        }
        #expect(proven > 12)
    }

    /// The work of a branch that was merged, or to which nothing was added, with other work on top.
    @Test func everydayWorkNeedsNoGit() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(
            """
            git branch early HEAD~1; git switch -qc topic; git commit -q --allow-empty -m t; git switch -q main
            git merge -q --no-ff -m merged topic
            for i in 1 2 3; do
                git switch -qc other$i main~; git commit -q --allow-empty -m o$i; git switch -q main
                git merge -q --no-ff -m m$i other$i
            done
            git gc -q; git commit -q --allow-empty -m loose
            """)
        let repository = try sandbox.open()
        let main = try sandbox.id("main")
        for name in ["main", "early", "topic", "other1", "main~3"] {
            #expect(try repository.isProvenAncestor(sandbox.id(name), of: main), "\(name)")
        }
        #expect(try !repository.isProvenAncestor(main, of: sandbox.id("topic")))
    }

    /// What git may see in another way, or cannot see, is left to it.
    @Test(arguments: [
        "git replace --graft HEAD", "git rev-parse HEAD >.git/shallow",
        "f=.git/objects/$(git rev-parse HEAD~1 | sed 's,..,&/,'); rm -f $f",
    ])
    func theRestIsGits(_ line: String) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        let (old, new) = try (sandbox.id("HEAD~1"), sandbox.id("HEAD"))
        #expect(try sandbox.open().isProvenAncestor(old, of: new))
        try sandbox.shell(line)
        #expect(try !sandbox.open().isProvenAncestor(old, of: new))
    }

    @Test func aLongWayIsGits() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        let start = try sandbox.id("HEAD")
        try sandbox.shell(
            """
            tree=$(git rev-parse 'HEAD^{tree}'); c=$(git rev-parse HEAD)
            for i in $(seq 120); do c=$(git commit-tree -p $c -m $i $tree); done; git update-ref refs/heads/far $c
            """)
        #expect(try !sandbox.open().isProvenAncestor(start, of: sandbox.id("far")))
        #expect(try sandbox.open().isProvenAncestor(sandbox.id("far~90"), of: sandbox.id("far")))
        #expect(try sandbox.open().merged(start, into: sandbox.id("far")) == .ancestor)
    }
}
