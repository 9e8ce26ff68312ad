import FileTree
import SystemPackage

@testable import Git

extension FuzzedParser {
    /// git's small text files.
    static let gitFiles = [
        FuzzedParser("packed-refs") { bytes in
            let directory = try Scratch.directory("packed-refs")
            try Scratch.write(bytes, to: "packed-refs", in: directory)
            guard let packed = PackedReferences(directory) else { return }
            let names = packed.names(under: "refs/heads/")
            _ = packed.id(of: "refs/heads/main")
            _ = packed.hasAny("refs/bisect/")
            let lines = referenceLines(bytes)
            // One that says it is sorted and is not is searched in vain, as by git.
            let order = lines.map(\.name)
            guard zip(order, order.dropFirst()).allSatisfy({ $0.lexicographicallyPrecedes($1) }) else { return }
            let prefix = Array("refs/heads/".utf8)
            let those = lines.filter { $0.name.starts(with: prefix) }
            try promise(names == those.map { Array($0.name.dropFirst(prefix.count)) }, "all lines are found")
            for line in those {
                guard let name = line.name.validText, !line.id.contains(0) else { continue }
                try promise(packed.id(of: name) == ObjectID(hex: line.id.text), "each name has the id of its line")
                try promise(packed.hasAny(name), "and is known to be there")
            }
        },
        FuzzedParser("head", in: "git-files") { bytes in
            let directory = try Scratch.directory("head")
            try Scratch.write(bytes, to: "HEAD", in: directory)
            try Scratch.write(
                Array("1111111111111111111111111111111111111111\n".utf8), to: "secret", in: Scratch.directory)
            let references = ReferenceFiles(commonDirectory: directory)
            let head = references.head(in: directory)
            if case .branch(_, let id) = head { try promise(id == nil, "no reference leads out of refs/") }
            if case .detached(let id) = head { try promise(!id.isZero, "a commit has an id") }
            _ = HeldBranch.all(in: directory, head: head)
            if let target = references.target(ofSymbolic: "HEAD") { try promise(target.hasPrefix("refs/"), "in refs/") }
        },
        FuzzedParser("administrative-files", in: "git-files") { bytes in
            let directory = try Scratch.directory("administrative-files")
            for name: FilePath.Component in ["gitdir", "commondir", "locked", "dot-git"] {
                try Scratch.write(bytes, to: name, in: directory)
            }
            let administrative = AdministrativeDirectory(path: directory)
            try promise(administrative.gitFile?.isAbsolute != false, "the path of a worktree is absolute")
            _ = administrative.worktreePath
            _ = administrative.pruneReason
            try promise(administrative.lockReason != nil, "a locked one is locked, whatever the reason")
            let target = gitFileTarget(directory.appending("dot-git"))
            try promise(target?.isAbsolute != false, "so is what a .git file names")
            try promise(BackPointer.check(administrative, worktree: directory) != .consistent, "it names no directory")
            let names = KnownNames(around: directory, gitDirectory: directory)
            try promise(names?.worktrees.allSatisfy(isShown) != false, "names can be shown")
        },
        FuzzedParser("operation-files", in: "git-files") { bytes in
            let directory = try Scratch.directory("operation-files")
            let rebase = directory.appending("rebase-merge")
            try makeDirectories(rebase)
            for name: FilePath.Component in ["head-name", "onto", "msgnum", "end"] {
                try Scratch.write(bytes, to: name, in: rebase)
            }
            try Scratch.write(bytes, to: "BISECT_START", in: directory)
            try Scratch.write(bytes, to: "BISECT_LOG", in: directory)
            try promise(!OperationInProgress.all(in: directory).isEmpty, "a rebase is seen")
            _ = HeldBranch.all(in: directory, head: .unreadable)
        },
        FuzzedParser("object-id", in: "names") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            let id = ObjectID(hex: text)
            if let id { try promise(id.description == text.lowercased(), "digits stay what they are") }
            try promise(ObjectID(hexDigits: bytes[...]) == (bytes == Array(text.utf8) ? id : nil), "both ways agree")
            if let id = ObjectID(bytes: bytes) { try promise(id.bytes == bytes, "bytes stay what they are") }
        },
        FuzzedParser("patch", in: "git-text") { bytes in
            let patch = bytes.withUnsafeBytes { PatchText($0) }
            try promise(!bytes.isEmpty || patch.isEmpty, "nothing changes nothing")
        },
        FuzzedParser("names") { bytes in
            guard let name = bytes.validText else { return }
            // libgit2 takes DEL, which git does not.
            let isValid = isValidForLibgit2(name) && !bytes.contains(0x7f)
            try promise(isValidBranchName(name) == isValid, "libgit2 says the same of a branch's name")
            let made = administrativeName(for: FilePath("/somewhere").appending(FilePath(bytes: bytes).components))
            try promise(!made.isEmpty && !made.contains(0x2f) && made != Array("..".utf8), "it is one name")
            try promise(isValidReference("refs/worktrees/\(made.text)/HEAD"), "git takes it in a reference's name")
        },
    ]

    private static func referenceLines(_ bytes: [UInt8]) -> [(id: [UInt8], name: [UInt8])] {
        bytes.split(separator: 0x0a).compactMap { line in
            guard let space = line.firstIndex(of: 0x20), line.first != 0x23, line.first != 0x5e else { return nil }
            return (Array(line[..<space]), Array(line[(space + 1)...]))
        }
    }

    private static func isShown(_ name: String) -> Bool { name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f } }
}
