"""Standard output: one JSON object a line, each written whole (12-factor, XI)."""

import contextlib
import json
import sys
import threading

from services.chassis import settings

_writing = threading.Lock()


def emit(kind, **fields):
    """Write one line of `kind` (`event`, `log` or `span`), signed by this service and instance."""
    record = {
        "kind": kind,
        "service": settings.service_name(),
        "instance": settings.instance(),
        **fields,
    }
    line = json.dumps(record, ensure_ascii=False, default=str).encode("utf-8", "replace") + b"\n"
    # Nobody reading, or a full disk behind a redirection, is no reason to fail a request.
    with _writing, contextlib.suppress(OSError):
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()


def event(name, **fields):
    """Report to the launcher what happens to this process: `listening`, `ready`, `stopping` …"""
    emit("event", event=name, **fields)
