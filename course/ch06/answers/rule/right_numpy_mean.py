import numpy as np


def must_open(calls):
    """Faut-il cesser d’appeler ce service ?"""
    recent = calls[max(0, len(calls) - 10) :]
    if len(recent) < 4:
        return False
    status = np.array([np.nan if c["status"] is None else c["status"] for c in recent], float)
    seconds = np.array([c["seconds"] for c in recent], float)
    bad = np.isnan(status) | (status >= 500) | (seconds > 1.0)
    return bool(np.count_nonzero(bad) * 2 >= bad.size)
