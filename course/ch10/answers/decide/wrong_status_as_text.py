# feedback: un couple
# mistake: ne (rend|rendent) pas le couple attendu
# the status as a text, in a dictionary.
def decide(authorization, needed, verify):
    return {"status": "200"}
