/// The value of `--color`.
public enum ColorChoice: String, CaseIterable, Sendable {
    case auto, always, never

    /// Whether to write colours to the stream that `facts` describe.
    ///
    /// `always` and `never` are the user's word and outrank the environment. With `auto`, in this order: a non-empty
    /// `NO_COLOR` says no (no-color.org); a `CLICOLOR_FORCE` that is neither empty nor `0` says yes, terminal or not;
    /// and then it takes a terminal whose `TERM` is set and not `dumb` (as in git, `check_auto_color` in color.c) and
    /// a `CLICOLOR` that is not `0` (bixense.com/clicolors).
    public func isOn(for facts: TerminalFacts) -> Bool {
        switch self {
        case .always: return true
        case .never: return false
        case .auto: break
        }
        func value(_ name: String) -> String { facts.environment[name] ?? "" }
        if !value("NO_COLOR").isEmpty { return false }
        if !value("CLICOLOR_FORCE").isEmpty, value("CLICOLOR_FORCE") != "0" { return true }
        if value("CLICOLOR") == "0" { return false }
        return facts.isTerminal && !value("TERM").isEmpty && value("TERM") != "dumb"
    }
}
