from functools import partial


def run(log, send, is_late):
    """Mène une commande à sa fin, et dit laquelle."""
    again = partial(run, log, send, is_late)
    seen = set(map(tuple, log))
    refused = any(outcome == "refused" for _, outcome in seen)
    late = ("saga", "timed out") in seen

    def step(name):
        log.append((name, "started"))
        log.append((name, send(name)))
        return again()

    if refused or late:
        if ("charge", "started") in seen and ("refund", "done") not in seen:
            return step("refund")
        if ("reserve", "started") in seen and ("release", "done") not in seen:
            return step("release")
        return "CANCELLED" if late else "REJECTED"
    if ("confirm", "done") in seen:
        return "CONFIRMED"
    if ("charge", "done") in seen:
        return step("confirm")
    if is_late():
        log.append(("saga", "timed out"))
        return again()
    return step("charge" if ("reserve", "done") in seen else "reserve")
