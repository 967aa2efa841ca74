# feedback: le temps est écoulé | paierait une lampe
# mistake: ne (lit|lisent) que la dernière ligne du journal
def next_command(history):
    if not history:
        return "reserve"
    after = {
        ("reserve", "done"): "charge",
        ("charge", "done"): "confirm",
        ("charge", "refused"): "release",
        ("saga", "timed out"): "release",
        ("reserve", "started"): "reserve",
        ("charge", "started"): "charge",
        ("confirm", "started"): "confirm",
        ("release", "started"): "release",
    }
    return after.get(history[-1])
