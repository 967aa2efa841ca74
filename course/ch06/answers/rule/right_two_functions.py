from collections import deque


def is_good(call):
    answered = call["status"] is not None and call["status"] < 500
    return answered and call["seconds"] <= 1


def must_open(calls):
    window = deque(map(is_good, calls), maxlen=10)
    return len(window) > 3 and sum(window) <= len(window) / 2
