"""From what a course really has to submitted/: nbgrader's folders, and Moodle's or Canvas' zip of everybody's files.

owners.py    whose a file is, as the names of Moodle and nbgrader tell it; canvas.py: as those of Canvas do
stated.py    when who handed in, and who is in which group, as a table beside the download states it
gathering.py sorts the files by student: the platform's number is the identity
sources.py   a folder or a zip, entry by entry, without trusting any name, size or date in it
choosing.py  which of a student's files are those that the assignment asks for, and of several attempts the later
placing.py   writes them into the course, over nothing, and notes whose they are and when they came
"""
