# feedback: échoue une fois sur deux | un couple
# mistake: (attend|attendent) deux visites manquées de suite
def detect(visits):
    last = {}
    for v in visits:
        p = v["promise"]
        if p.lower() == "rayon":
            continue
        if not v["kept"]:
            if p in last:
                return p, last[p]
            last[p] = v["at"]
        else:
            last.pop(p, None)
    return None
