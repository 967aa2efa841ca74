# feedback: échoue une fois sur deux | un couple
# mistake: (ne voit|ne voient) pas une panne d’une visite sur deux
def detect(visits):
    own = {}
    for v in visits:
        if v["promise"].lower() != "rayon":
            own.setdefault(v["promise"], []).append(v)
    for p, vs in own.items():
        for i in range(len(vs) - 7):
            window = vs[i : i + 8]
            if sum(not v["kept"] for v in window) > 4:
                return p, next(v["at"] for v in window if not v["kept"])
    return None
