# change of: solution
# feedback: À la réponse 500 | une décision
# mistake: réessaie(nt) ce qui est déjà décidé
-            if response.status_code not in (502, 503, 504):
+            if response.status_code < 500:
