extension Sequence {
    /// What `body` gives for the first element for which it gives something; nil where it never does. It is asked once for
    /// each element. `lazy.compactMap(body).first` asks twice for the one that it returns, and traps where a file that
    /// `body` reads can be read only once: where it is deleted in between, or the disk fails.
    public func firstResult<Result>(_ body: (Element) -> Result?) -> Result? {
        for element in self {
            if let result = body(element) { return result }
        }
        return nil
    }
}
