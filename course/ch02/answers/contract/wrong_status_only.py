# feedback: renommé | mourrait devant un client
def keeps_promise(status, body):
    return status == 200
