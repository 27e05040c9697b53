"""The small frozen dataclasses in which stages meet, and text made fit to show."""
