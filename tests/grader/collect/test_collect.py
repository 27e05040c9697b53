"""Collecting: what systems hand out becomes submissions; tricks are refused, and nothing is overwritten."""

from __future__ import annotations

import io
import os
import stat
import tracemalloc
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from exercises.assignment import MODULE_BYTES
from exercises.pack import pack
from grader.cli.common import app
from grader.collect.placing import collect
from grader.collect.sources import RefusedError
from grader.course.folder import Course
from grader.grading.checked.reading import read_submission
from tests.grader.collect.download_kit import DOWNLOADED, MODULES, Files, collected, complete, made_zip, submitted
from tests.grader.steering import STEERING, steers

TOP = "Ada_11_assignsubmission_file_/"


def test_a_zip_of_zips_from_moodle_becomes_submissions(course: Course) -> None:
    inner = made_zip(complete(), when=(1980, 1, 1, 0, 0, 0))
    found = collected(course, made_zip({
        "Ada Lovelace_11_assignsubmission_file_/digits-submission.zip": inner,
        "Alan Turing_12_assignsubmission_file_digits-submission.zip": inner,
    }))  # fmt: skip
    assert {name: one.state for name, one in found.items()} == {"Ada-Lovelace-11": "new", "Alan-Turing-12": "new"}
    assert submitted(course, "Ada-Lovelace-11") == {name: content for name, content in complete().items()}


def test_loose_and_renamed_files_from_canvas_are_found(course: Course) -> None:
    files: Files = {"lovelaceada_LATE_11_901_digits (1).ipynb": b"{}"}
    files |= {f"lovelaceada_LATE_11_{902 + number}_{name}-2.py": name.encode() for number, name in enumerate(MODULES)}
    found = collected(course, made_zip(files))["lovelaceada-11"]
    assert found.state == "new" and found.files == 1 + len(MODULES) and found.refused == ()
    assert "digits (1).ipynb was taken as digits.ipynb" in found.remarks
    assert submitted(course, "lovelaceada-11")["exercises/digits/blocks.py"] == b"blocks"


def test_of_two_versions_the_later_and_then_the_best_fitting_is_taken_and_the_other_listed(course: Course) -> None:
    top = "Ada_11_assignsubmission_file_/"
    found = collected(course, made_zip({
        f"{top}digits.ipynb": b"old", f"{top}digits (1).ipynb": b"handed in again",
        f"{top}blocks.py": b"loose", f"{top}exercises/digits/blocks.py": b"in its place",
        f"{top}exercises/spoken_digits/blocks.py": b"another assignment's", f"{top}notes.txt": b"?",
    }))["Ada-11"]  # fmt: skip
    files = submitted(course, "Ada-11")
    assert files == {"digits.ipynb": b"handed in again", "exercises/digits/blocks.py": b"in its place"}
    assert dict(found.refused) == {
        "digits.ipynb": "digits (1).ipynb was taken instead",
        "blocks.py": "exercises/digits/blocks.py was taken instead",
        "exercises/spoken_digits/blocks.py": "not asked for", "notes.txt": "not asked for",
    }  # fmt: skip
    assert "pooling.py is missing" in found.remarks and "digits (1).ipynb was taken as digits.ipynb" in found.remarks


def test_nothing_is_overwritten_and_where_no_time_is_stated_the_last_collected_counts(course: Course) -> None:
    top = "Ada_11_assignsubmission_file_/"
    assert collected(course, made_zip(complete(top)))["Ada-11"].state == "new"
    assert collected(course, made_zip(complete(top)))["Ada-11"].state == "unchanged"
    later = collected(course, made_zip(complete(top, b"#")))["Ada-11"]
    assert later.state == "replaced" and "the earlier one lies in earlier/Ada-11/digits-1" in later.remarks
    assert any("nothing says which of the two is later" in remark for remark in later.remarks)
    assert submitted(course, "Ada-11")["digits.ipynb"] == b"{}#"
    assert (course.root / "earlier/Ada-11/digits-1/digits.ipynb").read_bytes() == b"{}"


def test_path_tricks_and_links_are_refused(course: Course) -> None:
    link = zipfile.ZipInfo("Ada_11_assignsubmission_file_/exercises/digits/pooling.py", DOWNLOADED)
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO(made_zip({
        "Ada_11_assignsubmission_file_/digits.ipynb": b"{}",
        "../../Eve_1_assignsubmission_file_/digits.ipynb": b"out", "/etc/digits.ipynb": b"out",
        "C:\\digits.ipynb": b"out",
        "Ada_11_assignsubmission_file_/more.zip": made_zip({"../digits.ipynb": b"out"}),
    }))  # fmt: skip
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    found = collected(course, out.getvalue())
    assert submitted(course, "Ada-11") == {"digits.ipynb": b"{}"}
    reasons = [reason for one in found.values() for _, reason in one.refused]
    assert sorted(reasons) == ["a link or a device", *["its path leads out of the zip"] * 4]
    assert not (course.root.parent / "digits.ipynb").exists() and not list(course.root.parent.glob("**/Eve*"))


def test_bombs_are_read_to_their_cap_and_no_further(course: Course) -> None:
    top = "Ada_11_assignsubmission_file_/"
    bomb = b"#" * (MODULE_BYTES + 1)
    found = collected(course, made_zip({f"{top}digits.ipynb": b"{}", f"{top}blocks.py": bomb}))["Ada-11"]
    assert ("blocks.py", "larger than 64 KiB") in found.refused and found.files == 1
    deep = made_zip({"again.zip": made_zip({"digits.ipynb": b"{}"})})
    found = collected(course, made_zip({f"{top.replace('11', '12')}deep.zip": deep}))["Ada-12"]
    assert found.state == "refused" and found.refused == (("deep.zip: again.zip", "not asked for"),)


def test_damaged_and_encrypted_zips_are_refused_alone(course: Course) -> None:
    good = made_zip(complete())
    damaged = bytearray(good)
    damaged[60:90] = bytes(30)  # inside the first file's data
    locked = bytearray(made_zip({"digits.ipynb": b"{}"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(signature) + offset] |= 1
    found = collected(course, made_zip({
        "A_1_assignsubmission_file_/x.zip": b"PK no zip at all", "B_2_assignsubmission_file_/x.zip": bytes(locked),
        "C_3_assignsubmission_file_/x.zip": good, "D_4_assignsubmission_file_/x.zip": bytes(damaged),
    }))  # fmt: skip
    assert (found["A-1"].state, found["B-2"].state, found["C-3"].state) == ("refused", "refused", "new")
    assert found["A-1"].refused == (("x.zip", "damaged: no zip"),)
    assert found["B-2"].refused == (("x.zip: digits.ipynb", "encrypted"),)
    assert any("damaged" in reason for _, reason in found["D-4"].refused)


def test_folders_of_nbgrader_are_taken_with_their_times(course: Course, tmp_path: Path) -> None:
    inbound = tmp_path / "inbound" / "ada+digits+2027-01-30 08:00:00.000000 UTC+abc"
    inbound.mkdir(parents=True)
    (inbound / "digits.ipynb").write_bytes(b"{}")
    (tmp_path / "inbound" / "link.ipynb").symlink_to("/etc/passwd")
    found = {one.student: one for one in collect(course, "digits", tmp_path / "inbound")}
    assert found["ada"].state == "new" and found["ada"].when == datetime(2027, 1, 30, 8, tzinfo=UTC)
    assert found[""].refused == (("link.ipynb", "no regular file"),)


def test_a_source_that_is_neither_folder_nor_zip_is_refused(course: Course, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("a,b")
    with pytest.raises(RefusedError, match="neither a folder nor a zip"):
        list(collect(course, "digits", tmp_path / "list.csv"))


def test_names_as_macos_and_people_write_them_are_read(course: Course) -> None:
    inner = made_zip({"DIGITS.IPYNB": b"{}", "Copy of blocks.py": b"#", ".DS_Store": b"?"})
    # packed again by a person: inside a folder, and without the flag that says UTF-8
    data = made_zip({"download/JXXrgen_11_assignsubmission_file_/digits.zip": inner})
    found = collected(course, data.replace(b"JXXrgen", "J\u00fcrgen".encode()))["J\u00fcrgen-11"]
    assert found.state == "new" and found.refused == ()
    assert submitted(course, "J\u00fcrgen-11") == {"digits.ipynb": b"{}", "exercises/digits/blocks.py": b"#"}


def test_the_zip_of_one_student_alone_is_nobodys(course: Course) -> None:
    assert set(collected(course, made_zip(complete()))) == {""}
    assert set(collected(course, made_zip(complete("digits/")))) == {""}
    assert not (course.root / "submitted").exists()


def test_where_nothing_fits_the_known_forms_are_listed(course: Course, tmp_path: Path) -> None:
    (tmp_path / "own.zip").write_bytes(made_zip(complete()))
    ran = CliRunner().invoke(app, ["collect", "digits", str(tmp_path / "own.zip"), "--course", str(course.root)])
    assert ran.exit_code == 1 and "nothing was found" in ran.output
    assert "known are Moodle's NAME_NUMBER_assignsubmission_file/…" in ran.output and "STUDENT/digits/…" in ran.output


def test_what_programs_put_beside_the_work_is_passed_over_and_not_counted(course: Course) -> None:
    files = complete() | {f".venv/lib/site-packages/{number}.py": b"" for number in range(20_001)}
    found = collected(course, {"Ada_11_assignsubmission_file/all.zip": made_zip(files)})["Ada-11"]
    assert found.state == "new" and found.files == 6 and found.refused == ()


def test_odd_uploads_are_refused_in_words_and_hold_up_nobody(course: Course) -> None:
    top = "_assignsubmission_file_/"
    found = collected(course, made_zip({
        f"Ada_11{top}digits.rar": b"Rar!", f"Alan_12{top}digits.zip": made_zip({}),
        f"{'L' * 300}_13{top}digits.ipynb": b"{}", f"Zoe_14{top}digits.ipynb": b"{}",
    }))  # fmt: skip
    assert found["Ada-11"].refused == (("digits.rar", "no zip: unpack it, pack a zip, and collect again"),)
    assert found["Alan-12"].refused == (("digits.zip", "an empty zip"),)
    assert found[f"{'L' * 100}-13"].state == found["Zoe-14"].state == "new"


def test_a_file_name_that_is_no_text_is_listed(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path / "in" / "ada" / "digits")
    os.makedirs(folder)
    for name in (b"digits.ipynb", b"\xff.txt"):
        Path(os.fsdecode(folder + b"/" + name)).write_bytes(b"{}")
    ran = CliRunner().invoke(app, ["collect", "digits", str(tmp_path / "in"), "--course", str(tmp_path / "course")])
    assert ran.exit_code == 0, ran.output
    assert "left out: \\udcff.txt: not asked for" in ran.output


@pytest.mark.parametrize("loose", [False, True])
def test_modules_of_a_students_own_are_taken_where_others_import_them(course: Course, loose: bool) -> None:
    top = "Ada_11_assignsubmission_file_/"
    place = "" if loose else "exercises/digits/"
    files: Files = {f"{top}digits.ipynb": b"{}", f"{top}{place}blocks.py": b"from .helpers import relu\n"}
    files |= {f"{top}{place}helpers.py": b"from . import deeper\n", f"{top}{place}deeper.py": b"x = 1\n"}
    files |= {f"{top}{place}notes.py": b"x = 1\n", f"{top}{place}training.py": b"given\n"}
    found = collected(course, made_zip(files))["Ada-11"]
    assert set(submitted(course, "Ada-11")) == {
        "digits.ipynb", *(f"exercises/digits/{name}.py" for name in ("blocks", "helpers", "deeper")),
    }  # fmt: skip
    assert dict(found.refused) == {f"{place}notes.py": "not asked for", f"{place}training.py": "not asked for"}
    assert read_submission(course.submitted("digits", "Ada-11"), "digits", "a").modules["deeper"] == b"x = 1\n"


def test_a_renamed_module_of_a_students_own_is_taken_and_a_missing_one_told(course: Course) -> None:
    files: Files = {
        "lovelaceada_11_901_blocks.py": b"from .helpers import relu\nfrom .gone import x\nfrom . import check\n",
        "lovelaceada_11_902_helpers (1).py": b"relu = 1\n",
    }
    found = collected(course, made_zip(files))["lovelaceada-11"]
    assert submitted(course, "lovelaceada-11")["exercises/digits/helpers.py"] == b"relu = 1\n"
    assert "helpers (1).py was taken as helpers.py" in found.remarks and "gone.py is missing" in found.remarks
    assert "check.py is missing" not in found.remarks and found.refused == ()


def test_what_pack_makes_is_collected_whole(course: Course, tmp_path: Path) -> None:
    """The student's zip, by way of Moodle, to the submission that is graded."""
    root = tmp_path / "student"
    (root / "exercises" / "digits").mkdir(parents=True)
    (root / "digits.ipynb").write_text('{"cells": []}')
    for name in MODULES:
        (root / f"exercises/digits/{name}.py").write_text("from .helpers import relu\n")
    (root / "exercises/digits/helpers.py").write_text("relu = 1\n")
    data = pack("digits", root).archive.read_bytes()
    found = collected(course, made_zip({"Ada_11_assignsubmission_file_/digits-submission.zip": data}))["Ada-11"]
    submission = read_submission(course.submitted("digits", "Ada-11"), "digits", "a")
    assert set(submission.modules) == {*MODULES, "helpers"} and found.refused == () and submission.problems == ()


def test_zips_inside_a_download_are_in_memory_one_at_a_time(course: Course) -> None:
    """20 zips of 8 MB each, which the download has packed to almost nothing."""
    rest = bytes(8 << 20)
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("digits.ipynb", b"{}")
        archive.writestr("data.bin", rest)
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(1, 21):
            archive.writestr(f"{TOP}digits ({number}).zip", inner.getvalue())
    download = outer.getvalue()
    assert len(download) < 300_000
    tracemalloc.start()
    try:
        (found,) = collected(course, download).values()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found.files == 1 and most < 3 * len(rest), f"{most >> 20} MB"


def test_name_in_a_download_does_not_steer_the_terminal(course: Course) -> None:
    source = course.root.parent / "download.zip"
    source.write_bytes(made_zip({f"{TOP}x{STEERING}y.rar": b"", f"{TOP}digits.ipynb": b"{}"}))
    done = CliRunner().invoke(app, ["collect", "digits", str(source), "--course", str(course.root)])
    assert "xy.rar" in done.output and not steers(done.output)
