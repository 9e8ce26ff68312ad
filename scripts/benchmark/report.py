"""Tables as text and as Markdown, and the targets."""

import math

from populating import LIMIT


def size(count):
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if abs(count) >= scale:
            return f"{count / scale:.1f} {unit}"
    return f"{count:.0f} B"


def duration(seconds):
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{seconds * 1000:.1f} ms"


COLUMNS = {
    "bytes": ("written", size),
    "compiled": ("compiled", lambda count: f"{count:.0f}"),
    "donor changed": ("donor", lambda share: "unchanged" if share == 0 else "changed"),
}


def cells(table):
    """The header and the rows of a table, as strings."""
    extra = [name for name in COLUMNS if any(name in row.figures for row in table.rows)]
    header = [table.input, "seconds", "ratio", *(COLUMNS[name][0] for name in extra)]
    lines = []
    for row in table.rows:
        line = [row.name, duration(row.median()), f"{table.ratio(row.name):.2f}"]
        for name in extra:
            # Once is enough for a donor that is not what it was.
            value = max(row.figures[name]) if name == "donor changed" else row.median(name)
            line.append(COLUMNS[name][1](value))
        lines.append(line)
    return header, lines


def text(table):
    header, lines = cells(table)
    widths = [max(len(line[column]) for line in [header, *lines]) for column in range(len(header))]

    def aligned(line):
        first, *rest = (cell.ljust(width) if column == 0 else cell.rjust(width)
                        for column, (cell, width) in enumerate(zip(line, widths)))
        return "  ".join([first, *rest]).rstrip()

    facts = ", ".join(f"{name} {value:,}" if isinstance(value, int) else f"{name} {value}"
                      for name, value in table.facts.items() if value is not None)
    return "\n".join([f"{table.subject}{facts and f' ({facts})'}", *map(aligned, [header, *lines])])


def exponent(points):
    """The slope of seconds over files, both logarithmic: 1 is linear. By least squares."""
    pairs = [(math.log(files), math.log(seconds)) for files, seconds in points]
    mean_x, mean_y = (sum(axis) / len(pairs) for axis in zip(*pairs))
    return sum((x - mean_x) * (y - mean_y) for x, y in pairs) / sum((x - mean_x) ** 2 for x, _ in pairs)


def targets(tables):
    """Each target that the tables have figures for: what it is, what was measured, the most that it should be."""
    found = []

    def add(what, value, most):
        if value is not None:
            found.append((what, value, most))

    for table in tables:
        if table.subject == "populating":
            add(f"wt seed, of the limit: {table.input}", table.ratio("wt seed"), 1.2)
            add(f"wt seed, of cp -al: {table.input}", table.ratio("wt seed", to="cp -al"), 1)
        elif table.subject == "checkout" and int(table.input.split()[0].replace(",", "")) >= 20000:
            add(f"wt new, of git worktree add: {table.input}", table.ratio("wt new, warm cache included"), 0.8)
        elif table.subject == "first build":
            add(f"first build, of one with nothing to do: {table.input}", table.ratio("the first cargo build behind wt new"), 1.1)
        elif table.subject == "list":
            add(f"wt list, of git status in turn: {table.input}", table.ratio("wt list"), 0.3)
        elif table.subject == "removal":
            add(f"wt rm, of git worktree list: {table.input}", table.ratio("wt rm"), 2)
        elif table.subject == "start":
            add("wt --version, of git --version", table.ratio("wt --version", to="git --version"), 1.5)
            add("wt list, of git worktree list: one worktree", table.ratio("wt list", to="git worktree list"), 2.5)
            tab = table.row("TAB behind wt switch")
            add("TAB, in units of 20 ms", tab.median() / 0.02 if tab else None, 1)
    return found


def exponents(tables):
    """For each layout, how the time of `wt seed` and of the limit grows with the files."""
    found = []
    for layout in ("legacy layout", "unit layout"):
        sizes = [table for table in tables if table.subject == "populating" and "synthetic" in table.input
                 and layout in table.input and table.facts.get("file system") in ("ext4", None)]
        if len(sizes) > 1:
            for name in ("wt seed", LIMIT, "cp -al"):
                points = [(table.facts["files"], table.row(name).median()) for table in sizes]
                found.append((f"{name}, {layout}", exponent(points)))
    return found


def closing(tables):
    """The targets and the exponents, as text."""
    lines = []
    for what, value, most in targets(tables):
        lines.append(f"{'met    ' if value <= most else 'NOT MET'}  {value:6.2f}, at most {most:<4}  {what}")
    for what, value in exponents(tables):
        lines.append(f"         {value:6.2f}, the exponent     {what}")
    return "\n".join(lines)


def markdown(rows):
    """A table as Markdown, the header first."""
    header, *lines = rows
    rule = ["---"] + ["---:"] * (len(header) - 1)
    return "\n".join("| " + " | ".join(line) + " |" for line in [header, rule, *lines])
