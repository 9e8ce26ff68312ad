import FileTree
import SystemPackage

@testable import Git
@testable import Worktrees

extension FuzzedParser {
    /// What wt itself writes down and reads again.
    static let records = [
        FuzzedParser("making-record", in: "records") { bytes in
            guard let making = Making(bytes: bytes) else { return }
            try promise(making.path.isAbsolute, "a worktree is somewhere")
            try promise(making.branch.map(isValidBranchName) != false, "its branch has a name that git takes")
            try promise(making.missing.allSatisfy { making.path.starts(with: $0) }, "what was missing is above it")
            try promise(making.administrativeName?.kind ?? .regular == .regular, "its registration is in worktrees/")
            let again = Making(bytes: making.bytes)
            try promise(again?.path == making.path && again?.commit == making.commit, "what is written is read again")
            try promise(again?.branch == making.branch && again?.makesBranch == making.makesBranch, "and the branch")
            try promise(again?.missing == making.missing && again?.standing == making.standing, "and what was there")
        },
        FuzzedParser("lasting-identity", in: "names") { bytes in
            guard let text = bytes.validText, let identity = LastingIdentity(text) else { return }
            try promise(LastingIdentity(identity.description) == identity, "what is written is read again")
        },
        FuzzedParser("trust-record", in: "records") { bytes in
            let directory = try Scratch.directory("trust-record")
            let configuration = Configuration(listing: [], home: nil)
            let location = try RepositoryLocation(
                gitDirectory: directory, commonDirectory: directory, workingTree: directory,
                configuration: configuration)
            let trust = Trust(of: location, environment: ["HOME": directory.string])
            try promise(trust.approvals(in: bytes).isEmpty || bytes.starts(with: Trust.fields(trust.owner)), "its own")
            let found = trust.approvals(in: Trust.fields(trust.owner) + bytes)
            try promise(found.allSatisfy { !$0.texts.contains([]) }, "an approval is of commands")
            let again = trust.approvals(in: trust.bytes(of: Set(found)))
            try promise(Set(again) == Set(found), "what is written is read again")
        },
        FuzzedParser("held-record", in: "records") { bytes in
            let directory = try Scratch.directory("held-record")
            let location = try RepositoryLocation(
                gitDirectory: directory, commonDirectory: directory, workingTree: directory,
                configuration: Configuration(listing: [], home: nil))
            let held = directory.appending("wt-trash").appending("held-1")
            try makeDirectories(held)
            try Scratch.write(bytes, to: "from", in: held)
            let isHolding = Trash(of: location).isHolding("/src/worktree")
            try promise(!isHolding || bytes.contains(text: Array("/src/worktree".utf8)), "it is what the record says")
        },
    ]
}
