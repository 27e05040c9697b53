"""An assignment of somebody's nbgrader course: test cells that run in the sandbox."""
