# feedback: un couple
def detect(visits):
    for n in range(len(visits)):
        lost = sum(not v["kept"] for v in visits[n : n + 20])
        if lost >= 16:
            return visits[n]["promise"], visits[n]["at"]
    return None
