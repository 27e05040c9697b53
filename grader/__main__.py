"""The program for staff: python -m grader …"""

from .cli import app

if __name__ == "__main__":
    app()
