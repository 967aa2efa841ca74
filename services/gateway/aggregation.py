"""Aggregation (microservices.io: API Composition): one answer made of three services' answers.

A part that could not be had is null and named in `missing`: unknown is never shown as empty.
"""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from urllib.parse import quote

import requests

from services.chassis import Problem
from services.chassis.calls import Unavailable, service

# Threads of its own, made at the first use: both parts are asked for at the same time.
pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="aggregation")


def summarise(order, headers):
    """The order with its charge and its notifications. Asks with the caller's own *headers*."""
    order_id = quote(order["id"], safe="")
    asked = {
        "charge": ("payments", f"/charges/{order_id}"),
        "notifications": ("notifications", f"/notifications?order_id={order_id}"),
    }
    # Each thread gets a copy of the request's context, so that its calls join the same trace.
    answers = {
        part: pool.submit(copy_context().run, ask, *where, headers) for part, where in asked.items()
    }
    summary, missing = {"order": order}, []
    for part, answer in answers.items():
        try:
            summary[part] = answer.result()
        except Problem as problem:
            summary[part] = None
            missing.append({"part": part, "detail": problem.description})
    return {**summary, "missing": missing}


def ask(name, path, headers):
    """The JSON of one part, None where there is none yet; a Problem when nobody can say."""
    response = service(name).get(path, headers=headers)
    if response.status_code == 404:
        return None
    if not response.ok:
        raise Unavailable(name, f"{name} a répondu {response.status_code}.")
    try:
        body = response.json()
    except requests.JSONDecodeError as error:
        raise Unavailable(name, f"{name} a répondu autre chose que du JSON.") from error
    return body.get(name, body)
