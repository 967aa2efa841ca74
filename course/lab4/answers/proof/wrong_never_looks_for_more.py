# change of: solution
# feedback: en double | le laisse passer
-        assert channel.basic_get(queue, auto_ack=True)[2] is None, "un message de trop"
