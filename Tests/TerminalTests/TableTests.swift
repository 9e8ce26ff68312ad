import Terminal
import Testing

struct TableTests {
    let plain = Painter(isOn: false)

    func worktrees() -> Table {
        var table = Table([.init("branch"), .init("size", .right), .init("path")], shrinking: [2])
        table.addRow([.init("main", .green), "1.3 GiB", "/home/me/project"])
        table.addRow([.init("größe", .green), "12 B", "/home/me/project.größe"])
        table.addRow([.init("日本"), "", "/home/me/project.日本"])
        return table
    }

    @Test func columnsAreAligned() {
        #expect(
            worktrees().lines(width: nil, painter: plain) == [
                "branch     size  path",
                "main    1.3 GiB  /home/me/project",
                "größe      12 B  /home/me/project.größe",
                "日本             /home/me/project.日本",
            ])
    }

    @Test func oneColumnGivesWayToTheTerminal() {
        let lines = worktrees().lines(width: 35, painter: plain)
        #expect(
            lines == [
                "branch     size  path",
                "main    1.3 GiB  /home/me/project",
                "größe      12 B  /home/me/project.…",
                "日本             /home/me/project.…",
            ])
    }

    @Test(arguments: 18...60) func linesNeverExceedTheTerminal(_ width: Int) {
        for line in worktrees().lines(width: width, painter: plain) { #expect(displayWidth(line) <= width) }
    }

    @Test func otherColumnsAreNeverCut() {
        let lines = worktrees().lines(width: 5, painter: plain)
        #expect(lines[1] == "main    1.3 GiB  …")
        var fixed = Table([.init("a"), .init("b")])
        fixed.addRow(["long enough", "to be cut"])
        #expect(fixed.lines(width: 5, painter: plain)[1] == "long enough  to be cut")
    }

    @Test func aColumnInTheMiddleGivesWay() {
        var table = Table([.init("a"), .init("b"), .init("c", .right)], shrinking: [1])
        table.addRow(["1", "a long description", "22"])
        table.addRow(["2", "short", "3"])
        #expect(
            table.lines(width: 15, painter: plain) == [
                "a  b          c",
                "1  a long …  22",
                "2  short      3",
            ])
    }

    @Test func dispensableColumnsGiveWayBeforeTheLastOneIsIllegible() {
        var table = Table([.init("a"), .init("b"), .init("c"), .init("path")], shrinking: [3], dispensable: [2, 0])
        table.addRow(["aaaa", "bbbb", "cccc", "/a/path/that/is/long"])
        table.addRow(["a", "b", "c", "/p"])
        func header(_ width: Int) -> String { table.lines(width: width, painter: plain)[0] }
        #expect(header(38) == "a     b     c     path")
        #expect(header(30) == "a     b     c     path")
        #expect(table.lines(width: 30, painter: plain)[1] == "aaaa  bbbb  cccc  /a/path/tha…")
        #expect(header(29) == "a     b     path")
        #expect(table.lines(width: 23, painter: plain)[1] == "bbbb  /a/path/that/is/…")
        #expect(table.lines(width: 8, painter: plain)[1] == "bbbb  /…")
        #expect(table.lines(width: nil, painter: plain)[0] == "a     b     c     path")
        for width in 8...60 {
            for line in table.lines(width: width, painter: plain) { #expect(displayWidth(line) <= width) }
        }
    }

    @Test func severalColumnsGiveWayOneAfterTheOther() {
        var table = Table([.init("branch"), .init("age"), .init("path")], shrinking: [2, 0], dispensable: [1])
        table.addRow(["a/branch/with/a/long/name", "now", "/a/path/that/is/long"])
        func row(_ width: Int) -> String { table.lines(width: width, painter: plain)[1] }
        #expect(row(52) == "a/branch/with/a/long/name  now  /a/path/that/is/long")
        #expect(row(44) == "a/branch/with/a/long/name  now  /a/path/tha…")
        #expect(row(43) == "a/branch/with/a/long/name  /a/path/that/is…")
        #expect(row(38) == "a/branch/with/a/long/na…  /a/path/tha…")
        #expect(row(26) == "a/branch/wi…  /a/path/tha…")
        #expect(row(20) == "a/branch/wi…  /a/pa…")
        #expect(row(10) == "a/bran…  …")
        for width in 4...60 {
            for line in table.lines(width: width, painter: plain) { #expect(displayWidth(line) <= width) }
        }
    }

    /// The beginning is what the paths of all worktrees have in common.
    @Test func ofAPathTheEndIsKept() {
        var table = Table([.init("branch"), .init("a path", keepsEnd: true)], shrinking: [1])
        table.addRow(["x", "/home/me/日本x"])
        #expect(table.lines(width: 15, painter: plain) == ["branch  a path", "x       …/日本x"])
        #expect(table.lines(width: 13, painter: plain) == ["branch  a pa…", "x       …本x"])
    }

    @Test func coloursDoNotMoveColumns() {
        let coloured = worktrees().lines(width: nil, painter: Painter(isOn: true))
        #expect(coloured[1] == "\u{1b}[32mmain\u{1b}[m    1.3 GiB  /home/me/project")
        #expect(coloured[0] == "\u{1b}[1mbranch\u{1b}[m     \u{1b}[1msize\u{1b}[m  \u{1b}[1mpath\u{1b}[m")
    }

    @Test func aBranchNameIsData() {
        var table = Table([.init("branch"), .init("path")])
        table.addRow(["x\u{1b}[2Jy", "a\nb"])
        #expect(table.lines(width: nil, painter: plain) == ["branch     path", "x\\x1b[2Jy  a\\nb"])
    }

    @Test func noRowsNoTitles() {
        #expect(Table([.init("branch")]).lines(width: 80, painter: plain) == [])
    }

    @Test func noLineEndsInSpaces() {
        var table = Table([.init("a"), .init("b"), .init("c")])
        table.addRow(["wide cell", "", ""])
        table.addRow(["x", "y", ""])
        for line in table.lines(width: nil, painter: plain) { #expect(line.last != " ") }
    }
}
