"""Release: from solutions/ to what students get, and to nbgrader's source and release.

solutions/digits/*.py  --stubs-->  exercises/digits/*.py          --+
solutions/digits/digits.py  --notebook-->  exercises/.../*.ipynb  --+--bundle-->  folder, zip, course
"""
