"""Contestants in turn, round by round, and what comes of it."""

import statistics
from dataclasses import dataclass, field
from typing import Callable

from place import say


@dataclass
class Contestant:
    """`prepare` makes the round ready and is not timed; `run` returns the figures of a run, with `seconds` among them;
    `clear` takes away what the round has made."""

    name: str
    run: Callable[[int], dict]
    prepare: Callable[[int], None] = lambda _: None
    clear: Callable[[int], None] = lambda _: None


@dataclass
class Row:
    """One contestant's figures, a list for each, in the order of the rounds."""

    name: str
    figures: dict = field(default_factory=dict)

    def median(self, figure="seconds"):
        values = self.figures.get(figure)
        return statistics.median(values) if values else None


@dataclass
class Table:
    """What was measured of one input. Ratios are to the row that `reference` names."""

    subject: str
    input: str
    reference: str
    rounds: int
    rows: list
    # Numbers for the report of its own, such as how many files there are.
    facts: dict = field(default_factory=dict)

    def row(self, name):
        return next((row for row in self.rows if row.name == name), None)

    def ratio(self, name, figure="seconds", to=None):
        """The median of one contestant, in that of another: `to`, or the reference. None where one of them is missing."""
        one, other = self.row(name), self.row(to or self.reference)
        if one is None or other is None or not other.median(figure) or one.median(figure) is None:
            return None
        return one.median(figure) / other.median(figure)


def contest(subject, input_name, contestants, rounds, reference=None, facts=None):
    """Runs all contestants in turn, `rounds` times after one round that does not count, and returns the table."""
    rows = [Row(contestant.name) for contestant in contestants]
    for number in range(rounds + 1):
        say(f"{subject}, {input_name}: round {number} of {rounds}")
        for contestant, row in zip(contestants, rows):
            contestant.prepare(number)
            figures = contestant.run(number)
            contestant.clear(number)
            if number > 0:
                for name, value in figures.items():
                    if name != "errors":
                        row.figures.setdefault(name, []).append(value)
    return Table(subject, input_name, reference or rows[0].name, rounds, rows, facts or {})
