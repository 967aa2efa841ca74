# feedback: reste fermé | ouvert
# mistake: demande(nt) des échecs de suite
def must_open(calls):
    streak = 0
    for call in calls[-10:]:
        bad = call["status"] is None or call["status"] >= 500 or call["seconds"] > 1
        streak = streak + 1 if bad else 0
    return streak >= 4
