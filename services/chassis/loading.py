"""Loading: imports the service to run; if that fails, logs the line of its code that failed."""

import importlib
import linecache
import logging
import os
import sys
import traceback
from pathlib import Path
from types import ModuleType

from services.chassis import observing, settings
from services.chassis.errors import caught

log = logging.getLogger(__name__)
CHASSIS = str(Path(__file__).parent)


def load(target):
    """The module `target`, dotted or a file's path; None if it could not be loaded.

    A file runs as `python file.py` would run it; the `app.run()` at its end does nothing, as
    under `flask run`: serving is our work.
    """
    # The second one spares the learner a warning that their app.run() is ignored.
    os.environ.update(FLASK_RUN_FROM_CLI="true", WERKZEUG_RUN_MAIN="true")
    _name_connections()
    run = _run if target.endswith(".py") else importlib.import_module
    module, error = caught(run, target)
    if error:
        explain(error)
    return module


def _run(target):
    observing.instrument()
    path = Path(target).resolve()
    module = ModuleType("__main__")
    module.__file__ = str(path)
    sys.modules["__main__"] = module
    sys.path.insert(0, str(path.parent))
    exec(compile(path.read_bytes(), str(path), "exec"), vars(module))
    observing.instrument_imported()
    return module


def _name_connections():
    """Give RabbitMQ this instance's name for every connection, also those of a learner's code."""
    if settings.rabbitmq_url():
        import pika

        pika.connection.Parameters.DEFAULT_CLIENT_PROPERTIES = {
            "connection_name": settings.instance()
        }


def explain(error):
    """Log why the service does not start: the error, and its own last line that led there."""
    file, number = _where(error)
    log.critical(
        "Le service ne démarre pas : %s: %s (%s, ligne %s) : %s",
        type(error).__name__,
        error.msg if isinstance(error, SyntaxError) else error,
        Path(file).name,
        number,
        linecache.getline(file, number).strip(),
        extra={"file": file, "line": number, "exception": _without_our_frames(error)},
    )


def _where(error):
    if isinstance(error, SyntaxError) and error.filename:
        return error.filename, error.lineno or 0
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _is_own(frame.filename)]
    return ((own or frames)[-1].filename, (own or frames)[-1].lineno) if frames else ("", 0)


def _without_our_frames(error):
    shown = traceback.TracebackException.from_exception(error)
    shown.stack = traceback.StackSummary.from_list(
        frame
        for frame in shown.stack
        if _is_own(frame.filename) or "site-packages" in frame.filename
    )
    return "".join(shown.format()).rstrip()


def _is_own(filename):
    """Whether a line of this file was written by the service's author."""
    library = filename.startswith("<frozen") or "site-packages" in filename
    return not library and not filename.startswith((CHASSIS, sys.base_prefix + "/lib"))
