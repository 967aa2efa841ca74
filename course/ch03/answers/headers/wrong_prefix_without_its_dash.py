# change of: solution
# feedback: N’est pas arrivé au service | X-Userland
# mistake: ôte(nt) aussi des en-têtes qui n’en sont pas
-        if not name.lower().replace("_", "-").startswith("x-user-")
+        if not name.lower().replace("_", "-").startswith("x-user")
