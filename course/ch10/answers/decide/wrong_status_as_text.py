# feedback: un couple
# the status as a text, in a dictionary.
def decide(authorization, needed, verify):
    return {"status": "200"}
