"""Whether the checks judge rightly: they pass other right answers, and catch mistakes, known ones and mutants.

boxed.py                      answers -> verdicts as in grading: each in a container of the sandbox
jobs.py, warm.py, inside.py   the same faster, each answer in a fork of one process that knows torch already
right.py, wrong.py            the two galleries -> who gets full marks, which mistake is caught by which check
changes.py, mutate.py         a solution -> mutants, each with one small change inside a solution region
faults.py                     the checks that failed themselves on the way
survivors.py, scores.py       mutants -> who survives, and the mutation score of each task and each check
report.py, page.py, show.py   all of it -> build/validity.json, docs/validity.md, tables on a terminal
"""
