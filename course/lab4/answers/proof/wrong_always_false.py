# feedback: le refuse
def is_well_sent(send, channel):
    return False
