"""Grading on several machines, with Dask distributed.  Imported only where it is asked for."""
