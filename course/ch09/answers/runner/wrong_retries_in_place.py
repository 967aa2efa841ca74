# feedback: réponse perdue « demander reserve » | redemande « reserve » dans le même appel | qui sort de
from course.ch09.experiments import NoAnswer


def run(log, send, is_late):
    def insist(command):
        """It asks once more by itself before it gives up."""
        log.append((command, "started"))
        try:
            outcome = send(command)
        except NoAnswer:
            outcome = send(command)
        log.append((command, outcome))
        return outcome

    def known(command, outcome):
        return (command, outcome) in log

    failed = [entry for entry in log if entry[1] in ("refused", "timed out")]
    while not failed and not known("confirm", "done"):
        command = next(c for c in ("reserve", "charge", "confirm") if not known(c, "done"))
        if command != "confirm" and is_late():
            log.append(("saga", "timed out"))
            failed = [log[-1]]
        elif insist(command) == "refused":
            failed = [log[-1]]
    if not failed:
        return "CONFIRMED"
    for undo in ("refund", "release"):
        if not known(undo, "done"):
            insist(undo)
    return "CANCELLED" if failed[0][0] == "saga" else "REJECTED"
