"""Text from a student's program or notebook, made fit for a page: no terminal codes, no owners of home folders."""

from __future__ import annotations

import re

from .text import clean, fit

# Terminal codes (ECMA-48): CSI sequences such as colours, OSC strings such as window titles, other two-byte escapes.
TERMINAL_PATTERN = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]")
# Home folders of Linux, macOS and Windows, with the name in them; a name with a blank counts where the path goes on.
_NAME = r"[^\s/\\:*?\"'<>|(),;]"
HOME_PATTERN = re.compile(
    rf"(?:/[\w.-]{{1,40}}){{0,4}}/(?:home|Users)/(?:{_NAME}+(?: {_NAME}+){{1,3}}(?=/)|{_NAME}+)"
    rf"|(?i:\b[a-z]:[\\/]{{1,4}}users[\\/]{{1,4}})(?:{_NAME}+(?: {_NAME}+){{1,3}}(?=[\\/])|{_NAME}+)"
)


def without_homes(text: str) -> str:
    """The text with "~" in the place of each home folder, which names its owner."""
    return HOME_PATTERN.sub("~", text)


def as_seen(text: str) -> str:
    """The text as a reader would have seen it in a terminal.

    A progress bar rewrites its line after each carriage return: only what it wrote last is kept.
    """
    text = TERMINAL_PATTERN.sub("", text).replace("\r\n", "\n")
    return fit("\n".join(line.rstrip("\r").rsplit("\r", 1)[-1] for line in text.split("\n")))


def plain(text: str, limit: int = 2000) -> str:
    """The text `as_seen`, cut at `limit` characters, without empty lines around it."""
    return clean(as_seen(text), limit).strip("\n")
