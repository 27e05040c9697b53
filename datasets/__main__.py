"""`python -m datasets fetch mnist` (or fsdd): download a real data set into the data root."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from . import fsdd, mnist
from .errors import DataError
from .folders import data_root

app = typer.Typer(help="Data sets of the course.", no_args_is_help=True, add_completion=False)


class DataSet(StrEnum):
    """Data sets that can be downloaded."""

    mnist = "mnist"
    fsdd = "fsdd"


@app.callback()
def datasets() -> None:
    """Data sets of the course."""


@app.command()
def fetch(
    name: Annotated[DataSet, typer.Argument(help="Which data set.")],
    root: Annotated[
        Path | None, typer.Option(help="Data root; by default $COURSE_DATA, else ~/.cache/course-data.")
    ] = None,
) -> None:
    """Download a data set and verify what came."""
    fetchers = {DataSet.mnist: mnist.fetch, DataSet.fsdd: fsdd.fetch}
    try:
        folder = fetchers[name](data_root(root))
    except DataError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{name.value}: complete and verified in {folder}")


if __name__ == "__main__":
    app(prog_name="python -m datasets")
