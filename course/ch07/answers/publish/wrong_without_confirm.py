# change of: solution
# feedback: Aucune file n’attend | répondu True
# mistake: n’attend(ent) pas la confirmation du courtier
-            ch.confirm_delivery()
