# feedback: sont encore rompues
def mend(wheel):
    pass
