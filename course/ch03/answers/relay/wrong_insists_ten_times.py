# change of: solution
# feedback: requêtes reçues, 10 | multiplierait la charge
-TRIES = {"GET": 2}  # relire ne change rien
+TRIES = {"GET": 10}
