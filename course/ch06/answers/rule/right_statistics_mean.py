from statistics import mean

WINDOW, MINIMUM, RATE, SLOW = 10, 4, 0.5, 1.0


def must_open(calls):
    last = list(calls)[-WINDOW:]
    if len(last) < MINIMUM:
        return False
    failures = [int((c["status"] or 599) // 100 == 5 or c["seconds"] > SLOW) for c in last]
    return mean(failures) >= RATE
