"""The one place where any exception at all is caught, so that a thread or a probe survives it."""


def attempt(function, *arguments):
    """Call, and return (result, None), or (None, the exception) whatever it was."""
    try:
        return function(*arguments), None
    except Exception as error:
        return None, error
