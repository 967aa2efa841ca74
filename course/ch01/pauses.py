"""Stops one request of a Flask program between two of its lines, for as long as a check likes.

    X-Pause: 4 http://127.0.0.1:40001/     a header of the request

A step is the first time that the request comes to a line of the program, or returns from it. At its
4th one it asks http://127.0.0.1:40001/12, its line being the 12th, and waits for the answer; other
requests go on. With fewer steps it never asks. Executed in the learner's process.
"""

import sys
from functools import wraps
from urllib.request import ProxyHandler, build_opener

HEADER = "X-Pause"
_KEY = "HTTP_X_PAUSE"  # the same in a WSGI environment
STEPS = ("line", "return")


def pausing(serve, script):
    """`Flask.wsgi_app`, which looks for the header."""

    @wraps(serve)
    def wsgi_app(app, environ, start_response):
        nth, _, url = environ.get(_KEY, "").partition(" ")
        if not url:
            return serve(app, environ, start_response)
        sys.settrace(_stop_at(int(nth), url, script))
        try:
            return serve(app, environ, start_response)
        finally:
            sys.settrace(None)

    return wsgi_app


def _stop_at(nth, url, script):
    """A trace function of this thread: it counts the steps of `script`, and waits at the nth."""
    seen = set()

    def trace(frame, event, argument):
        if frame.f_code.co_filename != script:
            return None
        step = event, frame.f_lineno
        if event in STEPS and step not in seen:
            seen.add(step)
            if len(seen) == nth:
                with build_opener(ProxyHandler({})).open(f"{url}{frame.f_lineno}") as answer:
                    answer.read()
        return trace

    return trace


def install(script):
    """Every Flask application of this process heeds the header; `script` is the program's file."""
    from flask import Flask  # the kernel that only reads HEADER has no need of it

    Flask.wsgi_app = pausing(Flask.wsgi_app, script)
