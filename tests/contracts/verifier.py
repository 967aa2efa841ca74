"""Consumer-driven contracts (Robinson, "Consumer-Driven Contracts", martinfowler.com): the consumer
writes down what it asks and what it uses of the answer; the provider may change anything else.

A contract is a file of data, `<consumer>__<provider>.json`; `every_service` is each of them. Its
interactions are calls (`request`, `response`) or events (`message`), each in a provider state:

    {"description": "a product that is sold", "state": "a product is sold",
     "request": {"method": "GET", "path": "/products/{sku}"},
     "response": {"status": 200, "body": {"name": "Lampe de bureau", "price_cents": 3990}}}

Values are examples: only their type counts, unless written {"exactly": value}. A list shows one
element, and all must be like it; [] is any list. In an answer or an event, what is not mentioned
may be there or not; in a request it may not, since providers refuse what they do not know.
`{name}` stands for a value that the provider state, or the stub's test, supplies.

Pact does this across companies: a broker of contracts, ten languages, a native library in three
packages. In one repository a file and the functions below are enough, and can be read.
"""

import json
from pathlib import Path

import requests

FOLDER = Path(__file__).parent
SECONDS = 20


def load(folder=FOLDER):
    """All interactions, each with its `consumer` and its `provider`."""
    contracts = [json.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*__*.json"))]
    return [
        {**interaction, "consumer": contract["consumer"], "provider": contract["provider"]}
        for contract in contracts
        for interaction in contract["interactions"]
    ]


def name_of(interaction):
    return "{consumer} → {provider}: {description}".format(**interaction)


def differences(expected, actual, where="body", strict=False):
    """Where `actual` breaks the contract, a sentence each; empty when it holds."""
    if is_exact(expected):
        wanted = expected["exactly"]
        same = (kind(wanted), wanted) == (kind(actual), actual)
        return [] if same else [f"{where} is {actual!r}, not {wanted!r}"]
    if not fits(expected, actual):
        return [f"{where} is {actual!r}, not of the type {kind(expected)}"]
    if isinstance(expected, dict):
        return differences_of_members(expected, actual, where, strict)
    if isinstance(expected, list) and expected:
        elements = [
            found
            for position, element in enumerate(actual)
            for found in differences(expected[0], element, f"{where}[{position}]", strict)
        ]
        return elements if actual else [f"{where} is empty"]
    return []


def differences_of_members(expected, actual, where, strict):
    found = [f"{where}.{name} is missing" for name in expected if name not in actual]
    if strict:
        found += [f"{where}.{name} is not in the contract" for name in actual.keys() - expected]
    for name in expected.keys() & actual.keys():
        found += differences(expected[name], actual[name], f"{where}.{name}", strict)
    return found


def verify_call(url, interaction, values):
    """Send the request to the provider at `url`; the differences of its answer."""
    request, expected = fill(interaction["request"], values), interaction["response"]
    response = requests.request(
        request["method"],
        url + request["path"],
        headers=example(request.get("headers")),
        json=example(request.get("body")),
        allow_redirects=False,
        timeout=SECONDS,
    )
    found = differences({"exactly": expected["status"]}, response.status_code, "status")
    if "body" in expected:
        found += differences(expected["body"], json_of(response.text))
    return found


def verify_event(interaction, events):
    """The differences of the first event with the contract's routing key; `events` are messages."""
    expected = interaction["message"]
    for event in events:
        if event["routing_key"] == expected["routing_key"]:
            return differences(expected["body"], event["body"])
    return [f"no event {expected['routing_key']}"]


def example(expected):
    """The contract's own example: what a stub answers, and what is sent to a provider."""
    if is_exact(expected):
        return expected["exactly"]
    if isinstance(expected, dict):
        return {name: example(value) for name, value in expected.items()}
    return [example(value) for value in expected] if isinstance(expected, list) else expected


def fill(template, values):
    """The template with each `{name}` replaced by its value, a number too where it stands alone."""
    if isinstance(template, dict):
        return {name: fill(value, values) for name, value in template.items()}
    if isinstance(template, list):
        return [fill(value, values) for value in template]
    if isinstance(template, str):
        for name, value in values.items():
            if template == f"{{{name}}}":
                return value
            template = template.replace(f"{{{name}}}", str(value))
    return template


def is_exact(expected):
    return isinstance(expected, dict) and expected.keys() == {"exactly"}


def fits(expected, actual):
    wanted, found = kind(expected), kind(actual)
    return wanted == found or (wanted, found) == ("number", "integer")


def kind(value):
    """The value's type in the words of JSON Schema."""
    names = {bool: "boolean", int: "integer", float: "number", str: "string", dict: "object"}
    return {**names, list: "array", type(None): "null"}[type(value)]


def json_of(text):
    try:
        return json.loads(text)
    except ValueError:
        return None
