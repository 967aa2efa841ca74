"""Logs: JSON lines on standard output, each carrying the ids that tie it to its request."""

import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from services.chassis import output, settings, telemetry
from services.chassis.redaction import redact

STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
OBSERVING = str(Path(__file__).with_name("observing.py"))
# Our own lines report the same, with the reason and in French.
QUIET = {"pika": logging.CRITICAL, "waitress.queue": logging.ERROR, "urllib3": logging.ERROR}


def set_up():
    """Send every log record of this process to standard output as JSON."""
    root = logging.getLogger()
    root.handlers[:] = [JsonHandler()]
    root.setLevel(settings.log_level())
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(True)
    sys.excepthook = _last_words


class JsonHandler(logging.Handler):
    """Writes one redacted JSON object a record; what is given as `extra=` becomes fields of it."""

    def emit(self, record):
        output.emit("log", **fields(record))


def fields(record):
    """The content of a log line, redacted."""
    extras = {key: value for key, value in vars(record).items() if key not in STANDARD}
    if record.exc_info:
        extras["exception"] = _told(record.exc_info)
    return {
        **redact(extras),
        "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
        "level": record.levelname,
        "message": redact(record.getMessage()),
        "logger": record.name,
        "trace_id": telemetry.trace_id(),
        "span_id": telemetry.span_id(),
        "correlation_id": telemetry.correlation_id(),
    }


def _told(exc_info):
    """The traceback, without the frames that only observe what a learner's code calls."""
    told = traceback.TracebackException(*exc_info)
    within = told
    while within is not None:
        kept = [frame for frame in within.stack if frame.filename != OBSERVING]
        within.stack = traceback.StackSummary.from_list(kept)
        within = within.__cause__ or within.__context__
    return "".join(told.format()).rstrip()


def _last_words(kind, error, traceback):
    logging.getLogger("services").critical(
        "Le service s’est arrêté.", exc_info=(kind, error, traceback)
    )
