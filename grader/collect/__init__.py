"""From what a course really has to submitted/: nbgrader's folders, and Moodle's or Canvas' zip of everybody's files.

uploads.py  who handed in what and when, as names tell it
reading.py  a folder or a zip, entry by entry, without trusting any name or size in it
choosing.py which of a student's files are those that the assignment asks for
placing.py  writes them into the course, over nothing
"""
