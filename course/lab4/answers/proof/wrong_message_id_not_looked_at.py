# change of: solution
# feedback: sans message_id | le laisse passer
-        assert properties.message_id == return_id, "il n’a pas le bon nom"
