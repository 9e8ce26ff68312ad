/// A branch of a remote, as the last fetch left it.
public struct RemoteBranch: Hashable, Sendable {
    /// The remote's name, for example `origin`.
    public let remote: String
    /// The remote-tracking branch in full, for example `refs/remotes/origin/main`.
    public let referenceName: String
    /// Its commit.
    public let id: ObjectID
}

extension Repository {
    /// The remote branches that `git switch <name>` would consider: for each remote the one that its fetch refspecs map
    /// `refs/heads/<name>` to, where it exists (unique_tracking_name, checkout.c). When several remotes have one and
    /// `checkout.defaultRemote` names one of these, it alone. More than one in the result means ambiguous.
    public func remoteBranches(named name: String) -> [RemoteBranch] {
        let found = allRemoteBranches(named: name)
        if found.count > 1, let preferred = configuration.string(forKey: "checkout.defaultRemote"),
            let one = found.first(where: { $0.remote == preferred })
        {
            return [one]
        }
        return found
    }

    /// The same without a preference for one of the remotes.
    public func allRemoteBranches(named name: String) -> [RemoteBranch] {
        remotes.compactMap { remote -> RemoteBranch? in
            guard let tracking = trackingName(of: "refs/heads/\(name)", remote: remote),
                let id = references.id(of: tracking)
            else { return nil }
            return RemoteBranch(remote: remote, referenceName: tracking, id: id)
        }
    }

    /// The names of the configured remotes, sorted.
    private var remotes: [String] {
        let keys = configuration.keys(withPrefix: "remote.").filter { $0.hasSuffix(".fetch") }
        return keys.map { String($0.dropFirst("remote.".count).dropLast(".fetch".count)) }
    }

    /// Where the fetch refspecs of `remote` put `source`; nil when they do not fetch it.
    func trackingName(of source: String, remote: String) -> String? {
        let refspecs = configuration.strings(forKey: "remote.\(remote).fetch").map(Refspec.init)
        if refspecs.contains(where: { $0.isNegative && $0.target(of: source) != nil }) { return nil }
        return refspecs.lazy.filter { !$0.isNegative }.compactMap { $0.target(of: source) }.first { !$0.isEmpty }
    }
}

/// A line of `remote.<name>.fetch`: `[+]<source>:<target>` with at most one `*` on each side, or `^<source>`.
private struct Refspec {
    let isNegative: Bool
    let source: String
    let target: String

    init(_ text: String) {
        isNegative = text.hasPrefix("^")
        let sides = text.drop { $0 == "+" || $0 == "^" }.split(separator: ":", omittingEmptySubsequences: false)
        source = String(sides[0])
        target = sides.count > 1 ? String(sides[1]) : ""
    }

    /// What `name` becomes; nil when it does not match, and empty for a refspec without a target.
    func target(of name: String) -> String? {
        // By bytes: a combining mark would make another character of what stands before it.
        let star = UInt8(ascii: "*")
        let sides = source.utf8.split(separator: star, maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2 else { return name.utf8.elementsEqual(source.utf8) ? target : nil }
        let bytes = Array(name.utf8)
        let isLong = bytes.count >= sides[0].count + sides[1].count
        guard isLong, bytes.starts(with: sides[0]), bytes.suffix(sides[1].count).elementsEqual(sides[1]) else {
            return nil
        }
        let ends = target.utf8.split(separator: star, maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2 else { return target }
        return (Array(ends[0]) + bytes.dropFirst(sides[0].count).dropLast(sides[1].count) + ends[1]).text
    }
}
