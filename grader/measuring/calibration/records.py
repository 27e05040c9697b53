"""What calibrations found: kept as JSON in docs/, and written next to each threshold and into docs/calibration.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from exercises.assignment import load_assignment
from exercises.digits.checks.accuracy import way
from grader import repository
from grader.checks.attempts import LUCK
from grader.checks.calibrated import DOCS, Record, read_records, write_records

from .plan import RECIPE, REFERENCE, RIGHT, WRONG
from .summary import CONFIDENCE, MISS_RATE, Summary

MARK = "# Thresholds: written by `make calibrate`, which measures them."
PAGE = DOCS / "calibration.md"


def keep(summary: Summary) -> None:
    """Put a summary in the place of an earlier one, and write what rests on it anew."""
    records = read_records()
    records[f"{summary.assignment}/{summary.source}"] = {**asdict(summary), "rests_on": summary.rests_on.to_json()}
    _write(records)


def keep_best(source: str, best: Record) -> None:
    """Put what the reference reaches without a budget beside the summaries."""
    _write(read_records() | {f"best/{source}": best})


def _write(records: dict[str, Record]) -> None:
    write_records(records)
    for assignment in sorted({record["assignment"] for record in records.values() if "assignment" in record}):
        write_thresholds(assignment, [record for record in records.values() if record.get("assignment") == assignment])
    PAGE.write_text("\n".join(_page(records)) + "\n", encoding="utf-8")


def write_thresholds(assignment: str, records: Iterable[Record], path: Path | None = None) -> None:
    """Write the end of assignment.toml: every threshold with what it rests on.

    Sources that were never measured keep their values, and say so.
    """
    path = path or repository.exercises(assignment) / "assignment.toml"
    text = path.read_text(encoding="utf-8")
    place = text.find(MARK)
    head = text[: place if place >= 0 else text.index("[training.accuracy.threshold.")].rstrip()
    measured = {record["source"]: record for record in records}
    lines = [head, "", MARK]
    for source, thresholds in sorted(load_assignment(assignment).training["accuracy"].threshold.items()):
        lines += ["", f"[training.accuracy.threshold.{source}]"]
        record = measured.get(source)
        if record is None:
            lines += [f"{name} = {value}    # not measured" for name, value in thresholds.items()]
            continue
        lines.append(
            f"# {record['date']}: {record['seeds']} seeds, budget {record['images_seen']:,}, one thread, "
            f"{record['cpu_s']} CPU s a training"
        )
        for one in record["judgements"]:
            lines.append(
                f"{one['name']} = {one['threshold']:.2f}    # mean {one['mean']:.3f}, sd {one['deviation']:.3f}, "
                f"lowest {one['lowest']:.3f}; {one['misses']} of {one['trials']} missed"
            )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _page(records: dict[str, Record]) -> Iterator[str]:
    yield "# What the thresholds of accuracy rest on"
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
        "only if three private seeds miss: bad luck alone takes points from at most "
        f"{MISS_RATE**3:.3%} of the right answers. Points grow linearly from chance to the threshold, so that even "
        f"then little is lost. A training that comes less than {LUCK:.0%} of the way from chance to the threshold is "
        "nothing that happens to a right answer, and is not tried again (where known and unknown speakers are judged "
        "together: with both). So a flawed network's points are those of its first training, and some flaws make "
        "trainings that differ much."
    )
    for key, record in records.items():
        if key.startswith("best/"):
            yield from _best(key.removeprefix("best/"), record)
        else:
            yield from _source(record)


def _source(record: Record) -> Iterator[str]:
    yield from ("", f"## {record['assignment']} on {record['source']} data", "")
    yield (
        f"{record['date']}: {record['seeds']} seeds, a budget of {record['images_seen']:,}, {record['cpu_s']} CPU s "
        "for a training of the reference."
    )
    yield from ("", "| accuracy | threshold | mean | sd | lowest | trainings | missed | rate of misses at most |")
    yield "|---|---|---|---|---|---|---|---|"
    for one in record["judgements"]:
        yield (
            f"| {one['name']} | {one['threshold']:.2f} | {one['mean']:.3f} | {one['deviation']:.3f} | "
            f"{one['lowest']:.3f} | {one['trials']} | {one['misses']} | {one['miss_rate']:.1%} |"
        )
    yield ""
    for check, (misses, rate) in record["check_misses"].items():
        yield (
            f"- judged together, {check}: {misses} single trainings missed, a rate of at most {rate:.1%}; "
            f"three in a row at most {rate**3:.4%}."
        )
    chance_like = load_assignment(record["assignment"]).training["accuracy"].chance_like
    ways = (f"{one['name']} {way(one['lowest'], one['threshold'], chance_like):.0%}" for one in record["judgements"])
    yield f"- how far from chance to the threshold the lowest training came: {', '.join(ways)}."
    names = [one["name"] for one in record["judgements"]]
    yield from ("", "### The reference and the right answers", "")
    yield from _reached(names, [row for row in record["reached"] if row["kind"] in (REFERENCE, RIGHT)])
    yield from ("", "### Corners of the recipes", "")
    yield from _reached(names, [row for row in record["reached"] if row["kind"] == RECIPE])
    wrong = [row for row in record["reached"] if row["kind"] == WRONG]
    if wrong:
        yield from ("", "### Which wrong answers accuracy tells from right ones", "")
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


def _best(source: str, best: Record) -> Iterator[str]:
    yield from ("", f"## What the reference reaches on {source} without a grader's budget", "")
    yield (
        f"{best['date']}: {best['how']} The official split: {best['official']:.1%}. One speaker left out at a time: "
        f"{best['left_out_mean']:.1%} on average ({', '.join(f'{k} {v:.1%}' for k, v in best['left_out'].items())})."
    )
