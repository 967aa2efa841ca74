# change of: solution
# feedback: À la réponse 400 | une décision
# mistake: réessaie(nt) ce qui est déjà décidé
-            if response.status_code not in (502, 503, 504):
+            if response.ok:
