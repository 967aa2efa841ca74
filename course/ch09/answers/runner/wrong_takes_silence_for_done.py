# feedback: demande perdue | débit
def run(log, send, is_late):
    def ask(command):
        try:
            return send(command)
        except NoAnswer:
            return "done"

    for command in ("reserve", "charge", "confirm"):
        if any(outcome in ("refused", "timed out") for _, outcome in log):
            break
        if (command, "done") in log:
            continue
        if command != "confirm" and is_late():
            log.append(("saga", "timed out"))
        else:
            log.append((command, ask(command)))
    if ("confirm", "done") in log:
        return "CONFIRMED"
    for undo in ("refund", "release"):
        if (undo, "done") not in log:
            log.append((undo, ask(undo)))
    return "CANCELLED" if ("saga", "timed out") in log else "REJECTED"
