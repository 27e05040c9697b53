"""The program for staff: python -m grader …"""

from .commands import app

if __name__ == "__main__":
    app()
