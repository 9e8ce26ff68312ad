import Git

extension Setting.Source {
    /// The value; empty for a key without one.
    func text(_ key: String) -> String { configuration.string(forKey: key) ?? "" }

    /// Where it stands, to be put behind a message.
    func place(_ key: String) -> String { configuration.origin(ofKey: key).map { " (\($0))" } ?? "" }

    /// The one of a few words that the value is. Throws `Failure`.
    func choice<Choice: CaseIterable & RawRepresentable<String>>(_ key: String) throws(Failure) -> Choice {
        let text = text(key)
        if let choice = Choice(rawValue: text) { return choice }
        let words = Choice.allCases.map(\.rawValue)
        var hints = ["it can be \(listed(words.map { "'\($0)'" }))"]
        if let nearest = nearestName(to: text, among: words) { hints.insert("did you mean '\(nearest)'?", at: 0) }
        throw Failure(.usage, "\(key) is '\(text)'\(place(key))", hints: hints)
    }

    /// The commands of an event, in order; an empty one takes back those before it, as with git's own lists. Throws
    /// `Failure` for a key without a value, which is a slip.
    func commands(_ event: HookEvent) throws(Failure) -> [HookCommand] {
        guard !configuration.hasKeyWithoutValue(event.key) else {
            throw Failure(.usage, "\(event.key) has no value\(place(event.key))", hints: ["it is a shell command"])
        }
        let texts = configuration.strings(forKey: event.key).reduce(into: [String]()) { texts, text in
            if text.allSatisfy(\.isWhitespace) { texts = [] } else { texts.append(text) }
        }
        return texts.map { HookCommand(event, $0, isFromRepository: isFromRepository) }
    }

    /// Throws `Failure` when a key is none of wt's; case counts in a subsection, as in git. In a file of wt's own, all others are, too.
    func refuseUnknownKeys() throws(Failure) {
        let known = Setting.all.map(\.key)
        let keys = configuration.keys(withPrefix: isFromRepository ? "" : "wt.")
        guard let key = keys.first(where: { key in !known.contains { $0.lowercased() == key } }) else {
            return
        }
        let isInclude = key.hasPrefix("include.") || key.hasPrefix("includeif.")
        var hints: [String] = []
        if let nearest = nearestName(to: key, among: known) {
            hints.append("did you mean \(nearest)?")
        } else if isInclude {
            hints.append("files are not included here")
        } else {
            hints.append("the settings are \(listed(known))")
        }
        if !isFromRepository { hints.append("git config --unset \(key)") }
        throw Failure(.usage, "there is no setting '\(key)'\(place(key))", hints: hints)
    }
}

/// Words with commas and an `and` between them. Of values, one holds: the sentence is the same.
private func listed(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
}
