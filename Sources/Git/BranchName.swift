import FileTree

/// Whether git takes `name` as the name of a branch: `git check-ref-format --branch` (check_refname_component, refs.c;
/// strbuf_check_branch_ref, branch.c), less the `@{-1}` that it would expand. No leading `-`, so that a name is never
/// taken for an option.
public func isValidBranchName(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard let first = bytes.first, let last = bytes.last, name != "HEAD" else { return false }
    guard first != UInt8(ascii: "-"), last != UInt8(ascii: "."), last != UInt8(ascii: "/") else { return false }
    // By bytes: with a combining mark behind it the last one here would be another character.
    guard !bytes.contains(text: Array("..".utf8)), !bytes.contains(text: Array("@{".utf8)) else { return false }
    guard bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7f && !"~^:?*[\\".utf8.contains($0) }) else { return false }
    return bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { component in
        !component.isEmpty && component.first != UInt8(ascii: ".")
            && !component.reversed().starts(with: ".lock".utf8.reversed())
    }
}
