import ArgumentParser

/// The shells that wt can be built into.
enum Shell: String, CaseIterable, ExpressibleByArgument {
    case bash, zsh, fish

    /// What a user puts into the shell's start file.
    var setUp: String {
        switch self {
        case .bash, .zsh: #"eval "$(wt shell \#(rawValue))""#
        case .fish: "wt shell fish | source"
        }
    }

    /// `text` as one word of the shell's language, in single quotes.
    func quote(_ text: String) -> String {
        // Scalar by scalar: a quote with a combining mark behind it is another character, and still a quote to a shell.
        let escapes: [Unicode.Scalar: String] =
            switch self {
            case .bash, .zsh: ["'": #"'\''"#]
            case .fish: [#"\"#: #"\\"#, "'": #"\'"#]
            }
        return "'" + text.unicodeScalars.map { escapes[$0] ?? String($0) }.joined() + "'"
    }

    /// The function `wt`, which runs `program`, a word of the shell's language, and changes directory afterwards.
    func function(running program: String) -> String {
        switch self {
        case .bash, .zsh: posixFunction.replacing("WT_PROGRAM", with: program).replacing("WT_PROCESS", with: processID)
        case .fish: fishFunction.replacing("WT_PROGRAM", with: program)
        }
    }

    /// The completions, made from `table` when the script is printed, so that TAB needs no parser. `program` as above.
    func completions(of table: CommandTable, running program: String) -> String {
        let text =
            switch self {
            case .bash: bashCompletions
            case .zsh: zshCompletions
            case .fish: fishCompletions
            }
        return text.replacing("WT_PROGRAM", with: program).replacing("WT_TABLE", with: quote(table.text))
    }

    /// The process's own number, not that of the shell that forked it, so that two never take one file.
    private var processID: String { self == .zsh ? "${sysparams[pid]}" : "${BASHPID:-$$}" }
}
