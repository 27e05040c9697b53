"""A network as data: the student's code builds it and says what it does, and from then on it is a list of operations.

    operations.py  torch's operations that a record may name
    record.py      a record as plain JSON, read as a claim
    given.py       large tensors that lie in a given file: named, not brought along
    notes.py       numbers that a record brings along, and lines of the student's
    recorder.py    writes one down while a network is built or runs, above autograd
    notes.py       what a record alone does not say, and the line that is to blame
    recording.py   a network with all records of it that are used
    built.py       the same of what is built already
    claim.py       what came out of a student's process, read as a claim
    replay.py      runs a record
    network.py     a network made of records, a module like any other
    behaviour.py   what a network does with given numbers, to compare one with another

Checks reach it as `student.recording`, where the student's code runs, and as `student.clean.recording`, where none
does.
"""

from .behaviour import behaviour, behaviours, differences
from .built import again, watched
from .network import Replayed
from .recorder import structural
from .recording import Recording

__all__ = ["Recording", "Replayed", "again", "behaviour", "behaviours", "differences", "structural", "watched"]
