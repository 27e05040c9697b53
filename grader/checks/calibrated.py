"""What calibrations of the accuracy checks found, as kept in docs/calibration.json."""

from __future__ import annotations

import json
from typing import Any

from grader import repository

DOCS = repository.REPOSITORY / "docs"
RECORDS = DOCS / "calibration.json"
Record = dict[str, Any]


def read_records() -> dict[str, Record]:
    """All that was found so far, by "assignment/source"."""
    return dict(json.loads(RECORDS.read_text(encoding="utf-8"))) if RECORDS.exists() else {}


def write_records(records: dict[str, Record]) -> None:
    """Put these in the place of all that was found so far."""
    RECORDS.write_text(json.dumps(dict(sorted(records.items())), indent=1) + "\n", encoding="utf-8")
