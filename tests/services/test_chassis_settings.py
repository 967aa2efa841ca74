"""The configuration: what an operator types, and what is said of what cannot be understood."""

import logging

import pytest

from services.chassis import settings


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("THREADS", "many", settings.threads),
        ("THREADS", "4.5", settings.threads),
        ("PORT", "http", settings.port),
        ("TOKEN_LIFETIME", "15m", lambda: settings.number("TOKEN_LIFETIME", 900)),
        ("SAGA", "dance", settings.choreographed),
        ("PEERS", "users=http://127.0.0.1", settings.peers),
        ("LOG_LEVEL", "trace", settings.log_level),
    ],
)
def test_senseless_value_is_named(monkeypatch, name, value, read):
    """Rather than `invalid literal for int() with base 10`, whose variable nobody knows."""
    monkeypatch.setenv(name, value)

    with pytest.raises(settings.SenselessSetting) as refused:
        read()

    assert str(refused.value).startswith(f"{name} vaut «\u00a0{value}\u00a0»")


def test_values_that_make_sense(monkeypatch):
    for name, value in {"THREADS": "16", "TOKEN_LIFETIME": "1.5", "LOG_LEVEL": "warning"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SAGA", raising=False)
    monkeypatch.setenv("PEERS", "")

    assert settings.threads() == 16
    assert settings.number("TOKEN_LIFETIME", 900) == 1.5
    assert settings.log_level() == logging.WARNING
    assert settings.choreographed() is False
    assert settings.peers() == {}
