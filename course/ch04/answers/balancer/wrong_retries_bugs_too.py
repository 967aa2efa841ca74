# change of: solution
# feedback: il ne fallait pas d’essai après « plante »
# mistake: réessaie(nt) aussi après une erreur de l’appelant
-            except (Refused, Lost) as failure:
+            except Exception as failure:
