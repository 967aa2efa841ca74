def run(log, send, is_late):
    """One line of text per event, the intention first."""

    def ask(command):
        if f"?{command}" not in log:
            log.append(f"?{command}")
        answer = send(command)
        log.append(f"{'!' if answer == 'done' else 'x'}{command}")
        return answer == "done"

    def forward():
        for command in ("reserve", "charge"):
            if f"!{command}" in log:
                continue
            if f"x{command}" in log:
                return "REJECTED"
            if is_late():
                log.append("late")
                return "CANCELLED"
            if not ask(command):
                return "REJECTED"
        if "!confirm" not in log:
            ask("confirm")
        return "CONFIRMED"

    end = "CANCELLED" if "late" in log else forward()
    if end != "CONFIRMED":
        for command, undo in (("charge", "refund"), ("reserve", "release")):
            if f"?{command}" in log and f"!{undo}" not in log:
                ask(undo)
    return end
