"""Finds syntax that a newer Python brought, by reading the text: the same on every Python that runs this.

The tokenizer of the Python that runs here would not do: an f-string that 3.12 reads is something else to 3.11, and no
`feature_version` of `ast.parse` knows of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

Version = tuple[int, int]

# What is found, in words, and the Python that brought it.
OWN_QUOTES = ("an f-string with its own kind of quotes inside the braces", (3, 12))
BACKSLASH = ("an f-string with a backslash inside the braces", (3, 12))
COMMENT = ("an f-string with a comment inside the braces", (3, 12))
SEVERAL_LINES = ("an f-string in single quotes that goes over several lines inside the braces", (3, 12))
NESTED = ("an f-string whose formats are nested more than twice", (3, 12))
TYPE_STATEMENT = ("a `type` statement", (3, 12))
TYPE_PARAMETERS = ("type parameters in brackets behind a name (`def f[T](x)`, `class A[T]`)", (3, 12))
TYPE_DEFAULTS = ("a type parameter with a default (`class A[T = int]`)", (3, 13))
TEMPLATE = ("a t-string", (3, 14))
BARE_EXCEPT = ("`except` with several classes and without parentheses (`except A, B:`)", (3, 14))
LAZY = ("a lazy import", (3, 15))
UNPACKING = ("`*` or `**` at the beginning of a comprehension", (3, 15))

STRING = re.compile(r"(?P<prefix>[A-Za-z]{0,2})(?P<quote>'''|\"\"\"|'|\")")
PREFIXES = {"", "r", "u", "b", "br", "rb", "f", "fr", "rf", "t", "tr", "rt"}
TOKEN = re.compile(
    r"(?P<blank>[ \t\f\ufeff]+|\\\r?\n|\#[^\r\n]*)|(?P<line>\r\n|\r|\n)|(?P<name>[^\W\d]\w*)"
    r"|(?P<number>\.?\d[\w.]*)|(?P<op>.)",
    re.DOTALL,
)
WORD = re.compile(r"\w+")
OPEN, CLOSE = "([{", ")]}"
DEEPEST = 40  # f-strings in f-strings that are followed; the reader calls itself for each
FURTHEST = 2000  # words that are read on from one; reading must not take long, whatever the file holds


class _UnreadableError(Exception):
    """No Python can read on from here: what was found so far is all there is."""


@dataclass(frozen=True)
class _Token:
    """A word, sign or end of line; `depth` is that of the brackets around it, `line` counts from 1."""

    text: str
    line: int
    depth: int


@dataclass
class _Reader:
    """One source, and what was found in it: (line, what, the Python that brought it)."""

    text: str
    found: list[tuple[int, str, Version]] = field(default_factory=list)

    def note(self, position: int, finding: tuple[str, Version]) -> None:
        self.found.append((self.line(position), *finding))

    def line(self, position: int) -> int:
        return self.text.count("\n", 0, position) + 1

    def string(self, position: int, level: int = 0) -> int | None:
        """Where the string that begins here ends; None where none begins."""
        begins = STRING.match(self.text, position)
        if begins is None or begins["prefix"].lower() not in PREFIXES:
            return None
        prefix, quote = begins["prefix"].lower(), begins["quote"]
        if "t" in prefix:
            self.note(position, TEMPLATE)
        if set(prefix) & {"f", "t"}:
            if level > DEEPEST:
                raise _UnreadableError
            return self._literal(begins.end(), quote, level, 0) + len(quote)
        return self._plain(begins.end(), quote)

    def _plain(self, position: int, quote: str) -> int:
        """The end of a string without braces: a backslash takes the next character with it, in raw strings too."""
        while not self.text.startswith(quote, position):
            if position >= len(self.text) or (len(quote) == 1 and self.text[position] in "\r\n"):
                raise _UnreadableError
            position += 2 if self.text[position] == "\\" else 1
        return position + len(quote)

    def _literal(self, position: int, quote: str, level: int, formats: int) -> int:
        """The text of an f-string, or with `formats` that of a format in it, up to its closing quote or brace."""
        text = self.text
        while position < len(text):
            if text.startswith(quote, position) and not formats:
                return position
            here = text[position]
            if here == "}" and formats:
                return position
            if len(quote) == 1 and here in "\r\n":
                raise _UnreadableError
            if here == "\\" and text[position + 1 : position + 3] == "N{":
                position = text.find("}", position) + 1 or len(text)
            elif here == "\\":
                position += 1 if text[position + 1 : position + 2] in ("{", "}") else 2
            elif here == "{" and text.startswith("{{", position) and not formats:
                position += 2
            elif here == "{":
                position = self._braces(position, quote, level, formats)
            else:
                position += 1
        raise _UnreadableError

    def _braces(self, begin: int, quote: str, level: int, formats: int) -> int:
        """The position behind a pair of braces of an f-string, with what an older Python cannot read in them."""
        if formats > DEEPEST:
            raise _UnreadableError
        end = self._expression(begin + 1, level)
        inside = self.text[begin + 1 : end]
        if formats > 1:
            self.note(begin, NESTED)
        if quote in inside:
            self.note(begin, OWN_QUOTES)
        if "\\" in inside:
            self.note(begin, BACKSLASH)
        if len(quote) == 1 and "\n" in inside:
            self.note(begin, SEVERAL_LINES)
        if self.text[end] == ":":
            end = self._literal(end + 1, quote, level, formats + 1)
        return end + 1

    def _expression(self, position: int, level: int) -> int:
        """The end of an expression in braces: the closing one, or the colon of a format."""
        text, depth = self.text, 0
        while position < len(text):
            string = self.string(position, level + 1)
            word = WORD.match(text, position) if string is None else None
            if string is not None:
                position = string
            elif word:
                position = word.end()
            elif text[position] == "#":
                self.note(position, COMMENT)
                position = text.find("\n", position) + 1 or len(text)
            elif text.startswith("!=", position):
                position += 2
            elif not depth and text[position] in "}:":
                return position
            else:
                depth += (text[position] in OPEN) - (text[position] in CLOSE)
                if depth < 0:
                    raise _UnreadableError
                position += 1
        raise _UnreadableError

    def tokens(self) -> Iterator[_Token]:
        """Words, signs and ends of lines; a string is one sign, and what is in brackets has no ends of lines."""
        position, depth, line = 0, 0, 1
        while position < len(self.text):
            end = self.string(position)
            if end is not None:
                yield _Token('""', line, depth)
            else:
                match = TOKEN.match(self.text, position)
                if match is None:
                    return
                end, word = match.end(), match[0]
                if match["line"] and not depth:
                    yield _Token("\n", line, depth)
                elif not match["blank"] and not match["line"]:
                    depth = max(depth - (word in CLOSE), 0)
                    yield _Token(word, line, depth)
                    depth += word in OPEN
            line += self.text.count("\n", position, end)
            position = end


def newer_syntax(source: str, python: str) -> list[tuple[int, str]]:
    """What in a source the grading Python cannot read, since a newer one brought it.

    Args:
        python: the grading Python, "3.11".

    Returns:
        (line, what), sorted; empty where there is nothing, or where no Python can read it.
    """
    reader, tokens = _Reader(source), []
    try:
        for token in reader.tokens():
            tokens.append(token)
    except _UnreadableError:
        pass  # what stands before it was read
    for index, token in enumerate(tokens):
        before = tokens[index - 1].text if index else "\n"
        if before in ("\n", ";", ":"):
            reader.found += [(token.line, *finding) for finding in _of_statement(tokens, index)]
        if token.text in OPEN and _unpacks(tokens, index):
            reader.found.append((token.line, *UNPACKING))
    oldest = version(python)
    return sorted(
        {(line, f"{what}, which Python {a}.{b} brought") for line, what, (a, b) in reader.found if (a, b) > oldest}
    )


def version(python: str) -> Version:
    """(3, 11) of "3.11".

    Raises:
        ValueError: it is no version of this kind.
    """
    found = re.fullmatch(r"(\d)\.(\d{1,2})", python) if isinstance(python, str) else None
    if not found:
        raise ValueError(f'python = {python!r}: write it as "3.11"')
    return int(found[1]), int(found[2])


def _of_statement(tokens: list[_Token], index: int) -> Iterator[tuple[str, Version]]:
    """What is new about the statement that begins with this token."""
    first, second, third = (_text(tokens, index + step) for step in range(3))
    if first == "lazy" and second in ("import", "from"):
        yield LAZY
    if first == "type" and second.isidentifier() and third in ("=", "["):
        yield TYPE_STATEMENT
    if first == "async":  # def
        index, first, second, third = index + 1, second, third, _text(tokens, index + 3)
    if first in ("def", "class", "type") and third == "[" and second.isidentifier():
        if first != "type":
            yield TYPE_PARAMETERS
        if any(text == "=" for text in _inside(tokens, index + 2)):
            yield TYPE_DEFAULTS
    if first == "except":
        depth = tokens[index].depth
        for token in tokens[index + 1 : index + FURTHEST]:
            if token.depth == depth and token.text in (":", "\n"):
                return
            if token.depth == depth and token.text == ",":
                yield BARE_EXCEPT
                return


def _unpacks(tokens: list[_Token], index: int) -> bool:
    """Whether a comprehension that begins with `*` lies in the brackets that open here."""
    if _text(tokens, index + 1) != "*":
        return False
    for text in _inside(tokens, index):
        if text in (",", "for"):
            return text == "for"
    return False


def _inside(tokens: list[_Token], index: int) -> Iterator[str]:
    """The words between the brackets that open here, without those of inner brackets."""
    depth = tokens[index].depth
    for token in tokens[index + 1 : index + FURTHEST]:
        if token.depth <= depth:
            return
        if token.depth == depth + 1:
            yield token.text


def _text(tokens: list[_Token], index: int) -> str:
    return tokens[index].text if index < len(tokens) else ""
