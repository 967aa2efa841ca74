from collections import Counter
from itertools import islice


def judge(call):
    match call:
        case {"status": None}:
            return "bad"
        case {"seconds": seconds} if seconds > 1:
            return "bad"
        case {"status": int(status)} if status >= 500:
            return "bad"
        case _:
            return "good"


def must_open(calls):
    """Faut-il cesser d’appeler ce service ?"""
    seen = Counter(judge(call) for call in islice(reversed(calls), 10))
    if seen.total() < 4:
        return False
    return seen["bad"] >= seen["good"]
