def run(log, send, is_late):
    """Refunding and releasing do no harm where nothing happened: nothing more to note."""
    for command in ("reserve", "charge", "confirm"):
        if any(outcome in ("refused", "timed out") for _, outcome in log):
            break
        if (command, "done") in log:
            continue
        if command != "confirm" and is_late():
            log.append(("saga", "timed out"))
        else:
            log.append((command, send(command)))
    if ("confirm", "done") in log:
        return "CONFIRMED"
    for undo in ("refund", "release"):
        if (undo, "done") not in log:
            log.append((undo, send(undo)))
    return "CANCELLED" if ("saga", "timed out") in log else "REJECTED"
