from collections import defaultdict, deque


def detect(visits):
    last = defaultdict(lambda: deque(maxlen=8))
    for visit in visits:
        if visit["promise"] == "rayon":
            continue
        window = last[visit["promise"]]
        window.append(visit)
        broken = [v for v in window if not v["kept"]]
        if len(broken) >= 4:
            gaps = [window.index(v) for v in broken]
            # Leave out a lonely failure, far before the others.
            first = broken[1] if gaps[1] - gaps[0] > 3 else broken[0]
            return visit["promise"], first["at"]
    return None
