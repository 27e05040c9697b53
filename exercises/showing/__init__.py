"""What the notebooks of all assignments show and play with (given).

style.py      colours, figures with a text, and whether there are widgets
telling.py    words for such texts
progress.py   what a training says while it runs
sliders.py    pictures that move
sounds.py     players

With it comes a notebook's word on old code, see `exercises.checking.old_code`.
"""

from ..checking.old_code import watch

watch()
