"""The one place where any exception at all is caught: for a thread or a start that must survive it.

Everywhere else an `except` names what it expects, so that a mistake keeps its cause.
"""


def caught(function, *arguments):
    """Call, and return (result, None), or (None, the exception) whatever it was."""
    try:
        return function(*arguments), None
    except Exception as error:
        return None, error
