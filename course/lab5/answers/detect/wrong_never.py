# feedback: échoue toujours | un couple
def detect(visits):
    return None
