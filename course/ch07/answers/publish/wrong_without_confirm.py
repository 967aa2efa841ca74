# change of: solution
# feedback: Aucune file n’attend | répondu True
-            ch.confirm_delivery()
