"""Transport: one HTTP request over a connection kept alive, by urllib3's pool.

The answer is a requests.Response, which everybody knows how to read; a whole requests.Session would
cost twice the processor. No redirect is followed, no environment variable is read, nothing is
retried: calls.py decides.
"""

import functools
import json as jsons
import time
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import requests
import urllib3
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, TimeoutError


class NotSent(Exception):
    """Nobody was there to receive the request: sending it again is safe whatever it is."""


class Lost(Exception):
    """The connection broke: whether the request was received is unknown."""


class TimedOut(Exception):
    """No answer in time: whether the work was done is unknown."""


def send(method, url, headers, seconds, *, json=None, data=None, params=None):
    """Send and return a requests.Response; wait `seconds` at most to connect, and for each read.

    Raises NotSent, Lost or TimedOut.
    """
    if json is not None:
        data = jsons.dumps(json).encode()
        headers = {"Content-Type": "application/json", **headers}
    if params:
        url = f"{url}?{_query(params)}"
    started = time.perf_counter()
    try:
        answer = _connections().urlopen(
            method,
            url,
            body=data,
            headers=headers,
            retries=False,
            redirect=False,
            timeout=urllib3.Timeout(seconds),
        )
    except (NewConnectionError, ConnectTimeoutError) as error:
        raise NotSent from error
    except TimeoutError as error:
        raise TimedOut from error
    except HTTPError as error:
        raise Lost from error
    return _response(answer, url, time.perf_counter() - started)


def server_of(url):
    """The span attributes of the called address; none for no address."""
    if url is None:
        return {}
    parts = urlsplit(url)
    return {"server.address": parts.hostname, "server.port": parts.port or 80}


@functools.cache
def _connections():
    """Made at the first call: a pool must not be shared with the process we were forked from."""
    return urllib3.PoolManager(num_pools=50, maxsize=50)


def _query(params):
    if isinstance(params, bytes):
        return params.decode("ascii")
    return params if isinstance(params, str) else urlencode(params, doseq=True)


def _response(answer, url, seconds):
    response = requests.Response()
    response.status_code, response.reason, response.url = answer.status, answer.reason, url
    response.headers = CaseInsensitiveDict(answer.headers)
    response.encoding = requests.utils.get_encoding_from_headers(response.headers)
    response.elapsed = timedelta(seconds=seconds)
    response._content = answer.data
    return response
