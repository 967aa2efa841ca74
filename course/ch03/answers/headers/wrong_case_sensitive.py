# change of: solution
# feedback: est passé jusqu’au service | majuscules
# mistake: oublie(nt) les majuscules
-        if not name.lower().replace("_", "-").startswith("x-user-")
+        if not name.replace("_", "-").startswith(("X-User-", "x-user-"))
