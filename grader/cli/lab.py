"""`lab`: JupyterLab with formgrader."""

from __future__ import annotations

from typing import Annotated

import typer

from .common import WORKING_FOLDER, CourseFolder, app, failed


@app.command()
def lab(
    course: CourseFolder = WORKING_FOLDER, port: Annotated[int, typer.Option(help="0: any free one", min=0)] = 0
) -> None:
    """Open JupyterLab with formgrader on a course folder, until Ctrl-C; without a display, print its address alone."""
    import os
    import signal
    import webbrowser

    from grader.course.folder import Course

    from .jupyterlab import LabError, start_lab

    if not Course(course).config.is_file():
        raise failed(f"{course} is no course folder: it has no {Course(course).config.name}")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # JupyterLab ends with this program, however that ends
    try:
        with start_lab(course, ["--log-level=WARN"], port=port) as running:
            address = running.url(formgrader="true")
            typer.echo(f"JupyterLab with formgrader: {address}\nCtrl-C ends it")
            if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
                webbrowser.open(address)
            running.process.wait()
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except LabError as error:
        raise failed(str(error)) from None
