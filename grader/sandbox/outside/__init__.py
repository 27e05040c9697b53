"""The trusted side of the sandbox: the warm process, a container, a session, and the student that checks talk to."""
