"""What the README has of a stored run, as Markdown. A test compares the two."""

import report


def side_by_side(tables):
    """Tables with the same contestants as one: the first of them in seconds, the others as ratios to it."""
    rows = [["", *(table.input for table in tables)]]
    for row in tables[0].rows:
        cells = [row.name]
        for table in tables:
            ratio = table.ratio(row.name)
            if row.name == table.reference:
                cells.append(report.duration(table.row(row.name).median()))
            else:
                cells.append("" if ratio is None else f"{ratio:.2f}")
        rows.append(cells)
    return report.markdown(rows)


def target_rows(tables):
    rows = [["", "measured", "target"]]
    for what, value, most in report.targets(tables):
        measured = f"{value:.2f}" if value <= most else f"**{value:.2f}**"
        rows.append([what, measured, f"{most:g}"])
    for what, value in report.exponents(tables):
        rows.append([f"exponent of the time over the files: {what}", f"{value:.2f}", ""])
    return report.markdown(rows)


def readme(tables, stored):
    """The paragraphs between the README's marks, from the tables of a run and all that was stored with them."""
    machine = stored["machine"]
    gigabytes = round(machine["memory"] / 2**30)
    rsync = machine["rsync"].split()[2] if machine.get("rsync") else "none"
    parts = [
        f"{stored['date']}, at {stored['revision']}: {machine['cores']} cores ({machine['processor']}), {gigabytes} GiB, "
        f"{machine['system']}, Linux {machine['kernel']}, {machine['git']}, {machine['cargo'].split(' (')[0]}, rsync {rsync}, "
        f"{machine.get('sccache') or 'no sccache'}. Medians of {min(table.rounds for table in tables)} rounds or more, after one "
        "that does not count; a fresh file system for each table, ext4 unless it says otherwise."]

    def of(subject):
        return [table for table in tables if table.subject == subject]

    if of("whole"):
        parts.append("From the command to the end of the first `cargo build`:")
    for table in of("whole"):
        header, lines = report.cells(table)
        parts += [report.markdown([header, *lines])]
    for subject, words in (
        ("checkout", "A new worktree, of what git takes:"),
        ("list", "All worktrees with their state, of `git status` in each:"),
        ("removal", "A worktree goes, until the command returns, of `git worktree list`:"),
    ):
        if of(subject):
            parts += [words, side_by_side(of(subject))]
    if of("populating"):
        parts.append("A worktree's build directory is filled, of what the same links and copies take:")
    for layout in ("legacy layout, ext4", "unit layout, ext4", "btrfs", "xfs"):
        same = [table for table in of("populating") if table.input.endswith(layout)]
        if same:
            parts.append(side_by_side(same))
    parts += ["Against the targets; what misses its target is in bold:", target_rows(tables)]
    return "\n\n".join(parts)
