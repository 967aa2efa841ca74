# change of: solution
# feedback: publish a répondu False | Qui reçoit False republie
-    return True
+    return False
