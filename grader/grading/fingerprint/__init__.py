"""What verdicts rest on beside the submission, derived from the code itself and made into a hash.

    imports    which files of the repository a module reaches, lazily imported ones included
    checked    the code and the facts that a group of an assignment of ours rests on
    adopted    the code that runs the notebooks of an adopted course
    versions   the installed packages that values depend on

Nothing that makes a verdict imports this package, so that it does not count itself.
"""
