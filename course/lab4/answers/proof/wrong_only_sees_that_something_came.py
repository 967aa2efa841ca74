# change of: solution
# feedback: le laisse passer
-        assert channel.basic_get(queue, auto_ack=True)[2] is None, "un message de trop"
-        wanted = {"type": "RETURN_REQUESTED", "return_id": return_id, **request}
-        assert wanted.items() <= json.loads(body).items(), "il dit autre chose"
-        assert properties.delivery_mode == 2, "il ne survivrait pas"
-        assert properties.message_id == return_id, "il n’a pas le bon nom"
