"""Nothing that a student or anyone else wrote becomes part of the page's code, and everybody can read it."""

from __future__ import annotations

import base64
import re
from itertools import pairwise
from pathlib import Path

import pytest

import grader.feedback
from exercises.checking.verdict import Status
from grader.feedback.outputs import items
from grader.model.plain import plain
from grader.model.problems import Kind, Problem
from grader.notebook.pictures import MAX_SIDE, Picture
from tests.grader.feedback.feedback_bench import STUDENT, Bench, Reader, figure, graded, png, stdout, verdict
from tests.grader.steering import STEERING, steers

HOSTILE = (
    "</p></pre></details></style></main><script>alert(1)</script><img src=x onerror=alert(2)>"
    "\"'><a href='javascript:alert(3)'>x</a>{{ 7*7 }}{% raw %}<link href=https://example.org/x.css>&lt;script&gt;"
)


def hostile_page(bench: Bench) -> str:
    """The hostile text in every field that reaches a page."""
    with bench.gradebook() as gradebook:
        gradebook.update_or_create_student(STUDENT, first_name=HOSTILE, last_name=HOSTILE)
    bench.answer(HOSTILE)
    for name in ("question-shift_curves", "guess"):
        bench.comment(name, HOSTILE)
    words = {"idea": HOSTILE, "expected": HOSTILE, "got": HOSTILE, "hint": HOSTILE, "note": HOSTILE}
    statuses = [verdict("blocks", 0, 1, status=status, **words) for status in Status]
    shown = [
        stdout(HOSTILE),
        {"output_type": "error", "ename": HOSTILE, "evalue": HOSTILE, "traceback": [HOSTILE]},
        {"output_type": "display_data", "metadata": {}, "data": {"text/plain": HOSTILE, "text/html": HOSTILE}},
        figure(HOSTILE),
        figure(png()),
    ]
    return bench.page(*statuses, cells={"first": shown, HOSTILE: shown}, problems=(Problem(Kind.TAMPERING, HOSTILE),))


def test_hostile_text_stays_text(bench: Bench) -> None:
    page = hostile_page(bench)
    reader = Reader(page)
    assert list(reader.outside()) == []
    assert "<script" not in page.lower()
    # name (title, header), 5 ideas and a next step with hint, details, answers, comments, outputs: all as written
    assert reader.text.count("<script>alert(1)</script>") >= 20
    assert "{{ 7*7 }}" in reader.text


def test_hostile_text_does_not_break_the_page_open(bench: Bench) -> None:
    reader = Reader(hostile_page(bench))
    assert reader.faults == []
    assert reader.open == []


def test_page_fetches_and_runs_nothing(bench: Bench) -> None:
    page = bench.page(cells={"first": [figure(png())]})
    assert list(Reader(page).outside()) == []
    assert "http://" not in page
    assert "https://" not in page
    assert not re.search(r"url\(|@import", page)
    policy = [meta["content"] for meta in Reader(page).all("meta") if "http-equiv" in meta]
    assert policy and "default-src 'none'" in policy[0]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x9b31mred", "red"),
        ("a\x00b\x08c\x7fd\x85e", "abcde"),
        ("abc\u202edef\u2066", "abcdef"),
        ("10 %\r50 %\r100 %\r\ndone", "100 %\ndone"),
        ("lone \ud800 surrogate", "lone ? surrogate"),
        ("tab\tand\nline", "tab\tand\nline"),
    ],
)
def test_plain_keeps_what_a_reader_would_see(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_plain_cuts_and_says_so() -> None:
    assert plain("x" * 50, limit=10) == "x" * 10 + "\n[cut here: the text is longer]"


def test_terminal_codes_are_removed_in_every_field(bench: Bench) -> None:
    codes = "\x1b[31m\x07red\u202e"
    bench.answer(codes)
    page = bench.page(verdict("blocks", 0, 5, expected=codes, got=codes, hint=codes), cells={"first": [stdout(codes)]})
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", page)
    text = Reader(page).text
    assert "expected red got red hint red" in text
    assert "(1 text) show() red" in text


@pytest.mark.parametrize(
    "encoded",
    [
        base64.b64encode(b"<svg onload=alert(1)>").decode(),
        base64.b64encode(b"\x89PNG\r\n\x1a\n").decode(),  # a signature alone
        base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"<script>" * 4).decode(),
        base64.b64encode(b"<script>" + base64.b64decode(png())[8:]).decode(),  # all but the signature
        png() + '"><script>',
        png(MAX_SIDE + 1, 1),
        "",
        "ü",
        None,
        7,
    ],
)
def test_only_real_pictures_of_a_sane_size_are_shown(encoded: object) -> None:
    real = figure(png())
    hostile = {**real, "data": {**real["data"], "image/png": encoded}}
    assert not any(isinstance(item, Picture) for item in items([hostile]))
    assert any(isinstance(item, Picture) for item in items([real]))


def test_standard_error_is_not_shown(bench: Bench) -> None:
    noise = {"output_type": "stream", "name": "stderr", "text": "UserWarning"}
    assert "UserWarning" not in bench.page(cells={"first": [noise]})


def test_page_has_landmarks_one_h1_and_headings_in_order(bench: Bench) -> None:
    bench.comment("guess", "A good guess")
    reader = Reader(bench.page(verdict("blocks", 0, 5, hint="Look again"), cells={"first": [figure(png())]}))
    assert reader.faults == [] and reader.open == []
    for landmark in ("header", "main", "footer", "h1"):
        assert len(reader.all(landmark)) == 1, landmark
    levels = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert reader.all("html") == [{"lang": "en"}]
    assert all(th.get("scope") in ("col", "row") for th in reader.all("th"))
    assert len(reader.all("caption")) == len(reader.all("table")) == 1
    assert all(image.get("alt") for image in reader.all("img"))


def test_links_and_labels_lead_somewhere(bench: Bench) -> None:
    reader = Reader(bench.page(verdict("blocks", 0, 5, hint="Look again"), cells={"first": [figure(png())]}))
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {str(link["href"]).removeprefix("#") for link in reader.all("a")}
    targets |= {str(section["aria-labelledby"]) for section in reader.all("section")}
    assert targets and targets <= set(ids)


def test_every_status_is_a_word_of_its_own(bench: Bench) -> None:
    bench.graded = graded(*(verdict("blocks", 0, 1, status=status) for status in Status))
    text = Reader(bench.page()).text
    for word in ("passed", "partly", "failed", "not run", "not checked yet"):
        assert f" {word} " in text


def test_colours_can_be_read_in_light_and_dark() -> None:
    css = (Path(grader.feedback.__file__).parent / "theme.css").read_text(encoding="utf-8")
    schemes = re.findall(r":root \{([^}]*--page[^}]*)\}", css)
    assert len(schemes) == 2
    for scheme in schemes:
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", scheme))
        for front in ("text", "quiet", "link", "good", "fair", "bad", "idle"):
            for back in ("page", "panel"):
                assert contrast(colours[front], colours[back]) >= 4.5, (front, back)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_nothing_on_the_page_steers_what_shows_it(bench: Bench) -> None:
    words = f"x{STEERING}y"
    with bench.gradebook() as gradebook:
        gradebook.update_or_create_student(STUDENT, first_name=words, last_name=words)
    bench.answer(words)
    bench.comment("guess", words)
    error = {"output_type": "error", "ename": words, "evalue": words, "traceback": [words]}
    found = verdict("blocks", 0, 5, idea=words, expected=words, got=words, hint=words)
    page = bench.page(found, cells={"first": [stdout(words), error]})
    assert page.count("xy") >= 8 and not steers(page)
