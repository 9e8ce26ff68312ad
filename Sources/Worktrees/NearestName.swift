/// The one of `names` that `text` is most likely to be a slip of; nil when all are further away than a third of its
/// letters, upper and lower case being the same.
public func nearestName(to text: String, among names: [String]) -> String? {
    let wanted = Array(text.lowercased().unicodeScalars)
    let distances = names.map { (name: $0, distance: editDistance(wanted, Array($0.lowercased().unicodeScalars))) }
    guard let nearest = distances.min(by: { $0.distance < $1.distance }) else { return nil }
    return nearest.distance <= max(1, wanted.count / 3) ? nearest.name : nil
}

/// How many letters have to be put in, taken out, replaced or swapped with their neighbour to make one word of the other
/// (optimal string alignment).
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var rows = [Array(0...b.count)]
    for i in 1..<(a.count + 1) {
        var row = [i]
        for j in 1..<(b.count + 1) {
            let replaced = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
            var best = min(replaced, rows[i - 1][j] + 1, row[j - 1] + 1)
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { best = min(best, rows[i - 2][j - 2] + 1) }
            row.append(best)
        }
        rows.append(row)
    }
    return rows[a.count][b.count]
}
