"""What calibrations found: kept as JSON in docs/, and written next to each threshold and into docs/calibration.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from exercises.assignment import load_assignment
from exercises.learning import way
from grader import repository
from grader.checks.calibrated import DOCS, Record, key_of, read_records, write_records
from grader.measuring.rests_on import BEST

from .plan import RECIPE, REFERENCE, RIGHT, WRONG
from .summary import CONFIDENCE, MISS_RATE, Summary

PAGE = DOCS / "calibration.md"
USUAL = 3  # attempts
A_VALUE = re.compile(r"\s*[\w.\"'-]+\s*=")  # the beginning of a line of a table


def keep(summary: Summary) -> None:
    """Put a summary in the place of an earlier one, and write what rests on it anew."""
    key = key_of(summary.assignment, summary.task, summary.source)
    _write(read_records() | {key: {**asdict(summary), "rests_on": summary.rests_on.to_json()}})


def keep_best(assignment: str, source: str, best: Record) -> None:
    """Put what the reference reaches without a budget beside the summaries."""
    _write(read_records() | {key_of(BEST, assignment, source): best})


def _write(records: dict[str, Record]) -> None:
    write_records(records)
    for assignment in sorted({record["assignment"] for record in records.values() if "assignment" in record}):
        write_thresholds(assignment, [record for record in records.values() if record.get("assignment") == assignment])
    PAGE.write_text("\n".join(_page(records)) + "\n", encoding="utf-8")


def write_thresholds(assignment: str, records: Iterable[Record]) -> None:
    """Write the measured thresholds into assignment.toml, with what they rest on; all else there stays as it is.

    Where they have no table yet, it comes at the end.
    """
    path = repository.exercises(assignment) / "assignment.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    for record in records:
        table = f"[training.{record['task']}.threshold.{record['source']}]"
        places = [place for place, line in enumerate(lines) if line.partition("#")[0].strip() == table]
        if not places:
            lines += ["", table]
            places = [len(lines) - 1]
        later = (n for n in range(places[0] + 1, len(lines)) if lines[n].startswith("["))
        end = next(later, len(lines))
        last = max((n for n in range(places[0] + 1, end) if A_VALUE.match(lines[n])), default=places[0])
        lines[places[0] : last + 1] = [table, *_thresholds(record)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _thresholds(record: Record) -> Iterator[str]:
    yield (
        f"# {record['date']}: {record['seeds']} seeds, budget {record['examples_seen']:,}, one thread, "
        f"{record['cpu_s']} CPU s a training"
    )
    for one in record["judgements"]:
        yield (
            f"{one['name']} = {one['threshold']:.2f}    # mean {one['mean']:.3f}, sd {one['deviation']:.3f}, "
            f"lowest {one['lowest']:.3f}; {one['misses']} of {one['trials']} missed"
        )


def _page(records: dict[str, Record]) -> Iterator[str]:
    yield "# What the thresholds of trainings rest on"
    yield ""
    yield (
        "Written by `make calibrate`; the figures are in [calibration.json](calibration.json). "
        "`make stale` tells whether they still hold."
    )
    yield ""
    yield (
        "Each training uses private data and first weights of its own seed, on one thread, exactly as the hidden check "
        "does it. A threshold is the highest whole per cent that a training of the reference misses with a "
        f"probability of at most {MISS_RATE:.0%} per check (upper bound, {CONFIDENCE:.0%} confidence, Clopper and "
        "Pearson 1934); the right answers are trained too, and show whether it holds for them. A miss costs points "
        f"only if as many private seeds miss as the task has attempts; of {USUAL} attempts, bad luck alone takes "
        f"points from at most {MISS_RATE**USUAL:.3%} of the right answers. Points grow linearly from chance to the "
        "threshold, so that even then little is lost. A training that comes less far on the way from chance to the "
        "threshold than the task's `luck` says is nothing that happens to a right answer, and is not tried again "
        "(where several results are judged together: with all of them). So a flawed network's points are those of its "
        "first training, and some flaws make "
        "trainings that differ much."
    )
    for key, record in records.items():
        if key.startswith(f"{BEST}/"):
            _, assignment, source = key.split("/")
            yield from _best(assignment, source, record)
        else:
            yield from _source(record)


def _source(record: Record) -> Iterator[str]:
    yield from ("", f"## {record['assignment']}, {record['task']}, on {record['source']} data", "")
    yield (
        f"{record['date']}: {record['seeds']} seeds, a budget of {record['examples_seen']:,}, {record['cpu_s']} CPU s "
        "for a training of the reference."
    )
    yield from ("", "| result | threshold | mean | sd | lowest | trainings | missed | rate of misses at most |")
    yield "|---|---|---|---|---|---|---|---|"
    for one in record["judgements"]:
        yield (
            f"| {one['name']} | {one['threshold']:.2f} | {one['mean']:.3f} | {one['deviation']:.3f} | "
            f"{one['lowest']:.3f} | {one['trials']} | {one['misses']} | {one['miss_rate']:.1%} |"
        )
    yield ""
    rules = load_assignment(record["assignment"]).training[record["task"]]
    for check, (misses, rate) in record["check_misses"].items():
        yield (
            f"- judged together, {check}: {misses} single trainings missed, a rate of at most {rate:.1%}; "
            f"{rules.attempts} in a row at most {rate**rules.attempts:.4%}."
        )
    chance_like = rules.chance_like
    ways = (f"{one['name']} {way(one['lowest'], one['threshold'], chance_like):.0%}" for one in record["judgements"])
    yield (
        f"- how far from chance to the threshold the lowest training came: {', '.join(ways)}; what comes less than "
        f"{rules.luck:.0%} far is not tried again."
    )
    names = [one["name"] for one in record["judgements"]]
    yield from ("", "### The reference and the right answers", "")
    yield from _reached(names, [row for row in record["reached"] if row["kind"] in (REFERENCE, RIGHT)])
    yield from ("", "### Corners of the recipes", "")
    yield from _reached(names, [row for row in record["reached"] if row["kind"] == RECIPE])
    wrong = [row for row in record["reached"] if row["kind"] == WRONG]
    if wrong:
        yield from ("", "### Which wrong answers a training tells from right ones", "")
        apart = [row for row in wrong if not row["passed"]]
        yield (
            f"Of {len(wrong)} mistakes in the trained modules, {len(apart)} missed the threshold in all trainings. "
            "The others are seen by the direct checks alone, as are all mistakes in modules that take no part in the "
            "training."
        )
        yield ""
        yield from _reached(names, sorted(wrong, key=lambda row: (row["passed"] > 0, row["name"])))


def _reached(names: list[str], rows: list[Record]) -> Iterator[str]:
    yield f"| | trainings | passed | {' | '.join(names)} |"
    yield "|---|---|---|" + "---|" * len(names)
    for row in rows:
        means = [f"{row['mean'][name]:.3f}" if row["mean"] else "ended in an error" for name in names]
        yield f"| {row['name']} | {row['runs']} | {row['passed']} | {' | '.join(means)} |"


def _best(assignment: str, source: str, best: Record) -> Iterator[str]:
    yield from ("", f"## What the reference of {assignment} reaches on {source} without a grader's budget", "")
    yield f"{best['date']}: {best['how']} {best['reached']}"
