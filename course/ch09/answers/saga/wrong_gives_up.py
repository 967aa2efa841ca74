# feedback: une demande
# mistake: abandonne(nt) une demande restée sans réponse
def next_command(history):
    done = {n for n, o in history if o == "done"}
    started = [n for n, o in history if o == "started"]
    if any(o in ("refused", "timed out") for _, o in history):
        wanted = [u for n, u in (("charge", "refund"), ("reserve", "release")) if n in started]
    else:
        wanted = ["reserve", "charge", "confirm"]
    command = next((n for n in wanted if n not in done), None)
    return None if started.count(command) >= 2 else command
