"""What the thresholds of trainings rest on: many trainings with private seeds.

plan.py     what is trained: the reference, the right answers, corners of the recipes, wrong answers
trials.py   one training and what it reached, in several processes
summary.py  mean, spread, the rate of misses with its confidence bound, the threshold that follows
records.py  what was found, kept as JSON, and written next to each threshold and into docs/
command.py  `grader calibrate`: all of it, with progress
"""
