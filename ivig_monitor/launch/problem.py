"""Problems a person can fix, said in a sentence instead of a traceback."""


class LaunchProblem(Exception):
    """The launcher cannot go on; the message is one sentence that says why and what to do."""
