# change of: solution
# feedback: la caisse en a fait 2 | paierait deux fois
-TRIES = {"GET": 2}  # relire ne change rien
+TRIES = {"GET": 2, "POST": 2}
