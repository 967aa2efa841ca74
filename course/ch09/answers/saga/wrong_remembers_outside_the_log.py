# feedback: Pour le même journal | ne doit dépendre que de
# mistake: (retient|retiennent) quelque chose hors du journal
sent = []


def next_command(history):
    wanted = ["reserve", "charge", "confirm"]
    if any(outcome in ("refused", "timed out") for _, outcome in history):
        wanted = ["refund", "release"]
    left = [name for name in wanted if name not in sent]
    if left:
        sent.append(left[0])
    return left[0] if left else None
