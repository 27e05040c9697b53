"""The private seed of an assignment in a course, out of the course's secret."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from grader.model.faults import FaultError
from grader.model.private import make_folder

SECRET_FILE = "course.secret"
SECRET_BYTES = 32


class DamagedSecretError(FaultError, ValueError):
    """course.secret is not what was written there."""


def make_secret(root: Path) -> None:
    """Make a course's secret, readable by the owner alone and fresh for every course; one that is there stays.

    Raises:
        OSError: the folder cannot be written.
    """
    path = root / SECRET_FILE
    if path.exists():
        return
    make_folder(root)
    draft = root / f".{SECRET_FILE}.{os.getpid()}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(secrets.token_bytes(SECRET_BYTES))
    try:
        os.link(draft, path)  # the first of two that start together wins
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def private_seed(root: Path, assignment: str, version: int) -> int | None:
    """HMAC(course secret, assignment/version), 63 bits: the same on every run; None where no secret was made yet.

    Raises:
        DamagedSecretError: the file holds something else.
    """
    path = root / SECRET_FILE
    try:
        secret = path.read_bytes()
    except FileNotFoundError:
        return None
    if len(secret) != SECRET_BYTES:
        raise DamagedSecretError(
            f"{path} is damaged: it must hold {SECRET_BYTES} bytes; restore it, or grades cannot be repeated"
        )
    digest = hmac.digest(secret, f"{assignment}/{version}".encode(), "sha256")
    return int.from_bytes(digest[:8], "big") >> 1
