"""Errors as `application/problem+json` (RFC 9457), and the one place that turns an unforeseen
exception into a logged 500, whose body reveals nothing of it.

    abort(409, "Il ne reste que 2 LAMP.")
    raise Problem(409, "Il ne reste que 2 LAMP.", available=2)
"""

import errno
import json
import logging
from http import HTTPStatus

from flask import Response, g, request
from werkzeug.exceptions import HTTPException, default_exceptions

from services.chassis import telemetry

log = logging.getLogger(__name__)

FRENCH = {
    400: "La requête est mal formée.",
    401: "Il faut s’identifier.",
    403: "Cette action n’est pas permise.",
    404: "Rien à cette adresse.",
    405: "Cette méthode n’est pas permise à cette adresse.",
    406: "Aucune représentation ne convient.",
    408: "La requête a mis trop longtemps à arriver.",
    409: "La demande contredit l’état présent.",
    412: "La ressource a changé depuis la lecture.",
    413: "Le corps de la requête est trop grand.",
    415: "Ce type de contenu n’est pas accepté.",
    422: "La requête est bien formée, mais son contenu ne va pas.",
    428: "La requête doit être conditionnelle.",
    421: "Ce nom n’est pas celui de ce service.",
    429: "Trop de requêtes.",
    431: "Les en-têtes de la requête sont trop longs.",
    500: "Erreur imprévue du service.",
    501: "Cette partie n’est pas encore écrite.",
    502: "Un service appelé a mal répondu.",
    503: "Le service n’est pas disponible pour le moment.",
    504: "La réponse n’est pas venue à temps.",
    507: "Le disque est plein : rien n’a été enregistré.",
}
ENGLISH = ("Did not attempt to load JSON", "Failed to decode JSON", "The browser (or proxy)")
_translations = {}


class Problem(HTTPException):
    """An HTTP error with extension members (RFC 9457, 3.2) and headers of its own."""

    def __init__(self, status, detail=None, headers=(), **extensions):
        super().__init__(detail)
        self.code = status
        self.headers = dict(headers)
        self.extensions = extensions

    def get_headers(self, environ=None, scope=None):
        return [*super().get_headers(environ, scope), *self.headers.items()]


def translates(exception_class):
    """Register how an exception becomes a Problem: the function gets it, and may return None."""

    def register(function):
        _translations[exception_class] = function
        return function

    return register


def init_app(app):
    """Handle every error of `app`, except those for which it has a handler of its own."""
    handlers = app.error_handler_spec[None][None]
    handlers.setdefault(HTTPException, render)
    handlers.setdefault(Exception, render_unforeseen)


def render(error):
    """The problem+json response for an HTTPException."""
    if error.response is not None:
        return error.response
    status = error.code or 500
    headers = [pair for pair in error.get_headers(request.environ) if pair[0] != "Content-Type"]
    body = {
        **described(status, _detail(error, status)),
        "instance": request.path,
        "trace_id": telemetry.trace_id(),
        **getattr(error, "extensions", {}),
    }
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, status, headers, content_type="application/problem+json")


def described(status, detail=None):
    """The members that every problem has; `detail` is ours in French by default."""
    title = _title(status)
    detail = detail or FRENCH.get(status, title)
    return {"type": "about:blank", "title": title, "status": status, "detail": detail}


def render_unforeseen(error):
    """What no service foresaw: known by its class, or a logged 500."""
    if isinstance(error, HTTPException):
        return render(error)
    problem = _translate(error)
    if problem is None:
        log.error("Erreur imprévue.", exc_info=error)
        g.unforeseen = error
        problem = Problem(500)
    return render(problem)


def _translate(error):
    for ancestor in type(error).__mro__:
        if ancestor in _translations:
            return _translations[ancestor](error)
    return None


@translates(NotImplementedError)
def _not_written_yet(error):
    return Problem(501, str(error) or None)


@translates(OSError)
def _disk_full(error):
    return Problem(507) if error.errno == errno.ENOSPC else None


def _title(status):
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def _detail(error, status):
    """The service's own words, else ours in French; never werkzeug's English."""
    stock = getattr(default_exceptions.get(status), "description", None)
    theirs = error.description in (None, stock) or error.description.startswith(ENGLISH)
    return FRENCH.get(status, _title(status)) if theirs else error.description
