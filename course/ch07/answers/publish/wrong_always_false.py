# change of: solution
# feedback: publish a répondu False | Qui reçoit False republie
# mistake: répond(ent) False quand tout va bien
-    return True
+    return False
