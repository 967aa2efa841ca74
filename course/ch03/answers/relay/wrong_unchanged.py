# change of: solution
# feedback: La porte a rendu 502 | au moindre accroc
-TRIES = {"GET": 2}  # relire ne change rien
+TRIES = {"POST": 2}  # une vente compte : on insiste
