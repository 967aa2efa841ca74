UNDO = {"charge": "refund", "reserve": "release"}


def next_command(history):
    if not any(outcome in ("refused", "timed out") for _, outcome in history):
        wanted = ["reserve", "charge", "confirm"]
    else:
        wanted = [
            UNDO[name]
            for name in ("charge", "reserve")
            if (name, "started") in history and (name, "refused") not in history
        ]
    return next((name for name in wanted if (name, "done") not in history), None)


def run(log, send, is_late):
    while command := next_command(log):
        if command in UNDO and is_late():
            log.append(("saga", "timed out"))
            continue
        if (command, "started") not in log:
            log.append((command, "started"))
        log.append((command, send(command)))
    if ("saga", "timed out") in log:
        return "CANCELLED"
    return "REJECTED" if any(o == "refused" for _, o in log) else "CONFIRMED"
