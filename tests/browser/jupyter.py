"""JupyterLab as a person uses it: opens files, runs cells, types."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from grader.cli.jupyterlab import Lab, start_lab

CELL_MS = 180_000  # a cell that trains, on a busy machine
# Not `bash -l`, which would put the system's programs first: here as in an activated environment `python` is this one.
PLAIN_SHELL = '--ServerApp.terminado_settings={"shell_command": ["/bin/bash", "--norc"]}'

# `window.jupyterapp` is there with --expose-app-in-browser.  It finds a cell; a person would scroll.
CELLS = "jupyterapp.shell.currentWidget.content"
FIND = f"""text => {{
    const cells = {CELLS}.widgets;
    const index = cells.findIndex(one => one.model.type === 'code' && one.model.sharedModel.getSource().includes(text));
    if (index >= 0) {{ {CELLS}.activeCellIndex = index; {CELLS}.scrollToItem(index); }}
    return index;
}}"""
COUNT = f"index => {CELLS}.widgets[index].model.executionCount || 0"
# The sign in the toolbar says "idle" too early: what is run before the kernel has answered is lost.
READY = """() => {
    const kernel = jupyterapp.shell.currentWidget.sessionContext?.session?.kernel;
    return kernel && kernel.connectionStatus === 'connected' && kernel.status === 'idle';
}"""
DONE = f"([index, before]) => {CELLS}.widgets[index].model.executionCount > before"


@contextmanager
def jupyter(folder: Path, home: Path, *options: str) -> Iterator[Lab]:
    """JupyterLab with settings of its own: nobody's configuration is read, and it asks for no news."""
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    quiet = {"fetchNews": "false", "checkForUpdates": False}
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(quiet), encoding="utf-8")
    own = {name: str(home / name.lower()) for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
    environment = {**os.environ, **own, "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / "config")}
    environment |= {
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "spaces"),
    }
    flags = ["--expose-app-in-browser", PLAIN_SHELL, *options]
    with start_lab(folder, flags, environment, log=home / "jupyter.log") as lab:
        yield lab


class NotebookTab:
    """The notebook that is open in a page of JupyterLab."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name

    @classmethod
    def open(cls, page: Page, lab: Lab, name: str) -> NotebookTab:
        page.goto(lab.url(f"/lab/tree/{name}"))
        page.wait_for_selector(".jp-NotebookPanel .jp-Notebook-cell")
        page.wait_for_function(READY, timeout=CELL_MS)
        return cls(page, name)

    def show(self) -> None:
        """Come back to the notebook from another tab."""
        self.page.get_by_role("tab", name=self.name).click()

    def run(self, text: str) -> Locator:
        """Run the first code cell that holds this text, wait until it is done, and return what it shows."""
        index = self.page.evaluate(FIND, text)
        assert index >= 0, f"no cell of {self.name} holds {text!r}"
        cell = self.page.locator(f".jp-NotebookPanel .jp-Cell[data-windowed-list-index='{index}']")
        before = self.page.evaluate(COUNT, index)
        cell.locator(".jp-InputPrompt").click()
        self.page.keyboard.press("Control+Enter")
        self.page.wait_for_function(DONE, arg=[index, before], timeout=CELL_MS)
        return cell.locator(".jp-Cell-outputArea")

    def save(self) -> None:
        self.page.keyboard.press("Control+s")
        self.page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")


def open_file(page: Page, path: str) -> Locator:
    """Open a text file by clicks in the file browser, folder by folder from the root; returns its text."""
    for name in path.split("/"):
        page.locator(".jp-DirListing-itemText", has_text=name).get_by_text(name, exact=True).dblclick()
    text = page.locator(".jp-FileEditor .cm-content")
    expect(text).to_be_visible()
    return text


def write_file(page: Page, text: Locator, content: str) -> None:
    """Select all in the editor, type over it, and save."""
    text.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(content)
    page.keyboard.press("Control+s")
    page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")


def choose(page: Page, *path: str) -> None:
    """Choose an entry in the menu bar: its name, and those of the menus on the way."""
    page.locator(".lm-MenuBar").get_by_text(path[0], exact=True).click()
    for name in path[1:-1]:
        page.locator(".lm-Menu").get_by_text(name, exact=True).hover()
    page.locator(".lm-Menu").get_by_text(path[-1], exact=True).click()


def open_terminal(page: Page) -> Locator:
    choose(page, "File", "New", "Terminal")
    terminal = page.locator(".jp-Terminal .xterm")
    terminal.wait_for()
    terminal.click()
    return terminal
