# feedback: aux heures creuses | un couple
# mistake: (compte|comptent) par secondes, et non par visites
def detect(visits):
    missed = {}
    for v in visits:
        if not v["kept"] and v["promise"].lower() != "rayon":
            missed.setdefault(v["promise"], []).append(v["at"])
    for p, times in missed.items():
        for a, c in zip(times, times[2:]):
            if c - a <= 5:
                return p, a
    return None
