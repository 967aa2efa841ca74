"""Nothing secret leaves through a log or a span."""

import pytest

from services.chassis.redaction import HIDDEN, redact

TOKEN = "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"got {TOKEN} from alice", TOKEN),
        (f"Authorization: Bearer {TOKEN}", TOKEN),
        ("Authorization: Basic YWxpY2U6c2VjcmV0", "YWxpY2U6c2VjcmV0"),
        ("charging tok_visa for order 7", "tok_visa"),
        ("card 4242 4242 4242 4242 was refused", "4242 4242"),
        ("card 4242-4242-4242-4242 was refused", "4242-4242"),
        ("pan=4242424242424242", "4242424242424242"),
        ("connecting to amqp://course:s3cr3t@127.0.0.1:5672/v", "s3cr3t"),
        ("password=hunter2&user=alice", "hunter2"),
        ('{"password": "hunter2 and more", "user": "alice"}', "hunter2"),
        ("{'access_token': 'abc.def'}", "abc.def"),
    ],
)
def test_hides_by_shape(text, secret):
    """A secret in free text is known by what it looks like."""
    shown = redact(text)

    assert secret not in shown
    assert HIDDEN in shown


@pytest.mark.parametrize(
    "key", ["password", "Authorization", "access_token", "card", "api_key", "Set-Cookie", "cvv"]
)
def test_hides_by_key(key):
    """A field named like a secret is one, whatever it holds, however deep."""
    assert redact({"order": [{key: "x"}]}) == {"order": [{key: HIDDEN}]}


@pytest.mark.parametrize(
    "value",
    [
        "GET /orders/3f2b8c1a-9d4e-4f6a-8b7c-1234567890ab → 200",
        "total_cents=12900",
        "Il ne reste que 2 LAMP.",
        "trace 4bf92f3577b34da6a3ce929d0e0e4736",
        12900,
        1795416082.77,
        None,
        True,
    ],
)
def test_leaves_the_rest_alone(value):
    assert redact(value) == value


def test_a_card_number_as_a_number():
    assert redact({"n": 4242424242424242}) == {"n": HIDDEN}
