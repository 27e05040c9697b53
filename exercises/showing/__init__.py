"""What the notebooks of all assignments show and play with (given).

style.py      colours, figures, and whether there are widgets
progress.py   what a training says while it runs
sliders.py    pictures that move
sounds.py     players
"""
