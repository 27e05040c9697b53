"""nbgrader's configuration for a course."""

from __future__ import annotations

from pathlib import Path

from nbgrader.preprocessors import ClearOutput, LimitOutput, OverwriteCells, SaveAutoGrades
from traitlets.config import Config

from exercises.assignment import EXERCISES, load_assignment
from grader.course.folder import Course
from grader.gradebook.steps.book import BookVerdicts, RememberFlags
from grader.gradebook.steps.exporters import WorkingNotebookExporter
from grader.gradebook.steps.fail_closed import FailClosed
from grader.gradebook.steps.late import BookPenalty, CourseLatePenalty
from grader.gradebook.steps.show_verdicts import ShowVerdicts
from grader.grades.exports.nbgrader import CourseExport
from grader.grading.checked.seed import make_secret
from grader.model.private import make_folder, others_may, owner_only
from grader.nbgrader_base.options import load_course_config
from grader.nbgrader_base.runs import put_programs_on_path, quiet_database, reuse_engines
from grader.repository import REPOSITORY

from .converter import install
from .safe_markdown import marking_view

# Of nbgrader's own steps, those are left out that check or mend the student's cells: the working notebook is built from
# the released one.  FailClosed comes last: ClearOutput would wipe its errors away, which nbgrader reads as full points.
SANITISE = [ClearOutput, OverwriteCells, FailClosed]
# Nothing here derives from Execute: no code of a student's ever runs in nbgrader's process.
AUTOGRADE = [ShowVerdicts, LimitOutput, RememberFlags, SaveAutoGrades, BookVerdicts, BookPenalty]

TEMPLATE = '''\
"""nbgrader's configuration of this course.  Written by the grader, and not committed: it names a folder."""

import os
import sys
from pathlib import Path

# COURSE_REPOSITORY names another place of the grader's repository.
repository = os.environ.get("COURSE_REPOSITORY", {repository!r})
sys.path.insert(0, repository)
try:
    from grader.gradebook.config import configure

    configure(get_config(), Path(__file__).parent, course_id={course_id!r})
except Exception as error:
    # Going on would be worse: nbgrader's own configuration runs students' code outside the sandbox.
    raise SystemExit(
        f"The grader in {{repository}} cannot be loaded ({{type(error).__name__}}: {{error}}). "
        "Use the Python environment it was installed in, and set COURSE_REPOSITORY to the folder of its repository."
    )
'''


def configure(config: Config, root: Path | None = None, *, course_id: str = "") -> None:
    """Set everything that makes nbgrader grade with us, on the command line, in formgrader and in our writer.

    Args:
        config:    what `get_config()` gives in nbgrader_config.py.
        root:      the course folder; nbgrader's default is the working directory.
        course_id: nbgrader's name of the course.
    """
    if root is not None:
        config.CourseDirectory.root = str(root.resolve())
        if "permissions" not in config.Autograde and not others_may(root):
            config.Autograde.permissions = 400  # read as octal; feedback keeps nbgrader's, whose exchange copies modes
    if course_id:
        config.CourseDirectory.course_id = course_id
    config.Autograde.exporter_class = WorkingNotebookExporter
    config.Autograde.sanitize_preprocessors = SANITISE
    config.Autograde.autograde_preprocessors = AUTOGRADE
    config.Autograde.exclude_overwriting = {**config.Autograde.get("exclude_overwriting", {}), **module_files()}
    # Without it nbgrader skips, in silence, a resubmission and whoever an interrupted batch had begun.  Regrading is
    # cheap: the verdicts are in the ledger.
    config.Autograde.force = True
    config.GenerateFeedback.force = True
    if "plugin_class" not in config.ExportApp:  # a course may have one of its own; so with penalties
        config.ExportApp.plugin_class = CourseExport
    if "plugin_class" not in config.AssignLatePenalties:
        config.AssignLatePenalties.plugin_class = CourseLatePenalty
    filters = config.HTMLExporter.get("filters", {})
    config.HTMLExporter.filters = {**filters, "markdown2html": marking_view}  # formgrader's pages
    put_programs_on_path()
    quiet_database()
    reuse_engines()
    install()


def module_files() -> dict[str, list[str]]:
    """For each assignment, the files that students write, relative to its folder (nbgrader takes exact names only)."""
    names = sorted(path.parent.name for path in EXERCISES.glob("*/assignment.toml"))
    return {name: [f"exercises/{name}/{module}.py" for module in load_assignment(name).modules] for name in names}


def write_config(course: Course, *, course_id: str = "") -> Path:
    """Write the course's nbgrader_config.py, in place of an older one, and return its path; make its secret.

    Args:
        course_id: the name of the course; the course folder's own name without it.
    """
    make_folder(course.root)
    text = TEMPLATE.format(repository=str(REPOSITORY), course_id=course_id or course.root.resolve().name)
    with owner_only(course.root):
        course.config.write_text(text, encoding="utf-8")
    make_secret(course.root)
    return course.config


def load_config(course: Course) -> Config:
    """The configuration of a course as nbgrader's command sees it; ours alone where the course has no file yet."""
    config = load_course_config(course.root)
    configure(config, course.root)
    return config
