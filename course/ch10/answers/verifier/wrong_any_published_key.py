# change of: solution
# feedback: dont le kid nomme l’ancienne | un refus
-        return jwt.decode(
-            token,
-            self.keys[kid],
-            algorithms=["RS256"],
-            audience="orders",
-            issuer="auth",
-            options={"require": ["exp", "sub"]},
-        )
+        for key in self.keys.values():
+            try:
+                return jwt.decode(
+                    token,
+                    key,
+                    algorithms=["RS256"],
+                    audience="orders",
+                    issuer="auth",
+                    options={"require": ["exp", "sub"]},
+                )
+            except jwt.InvalidSignatureError:
+                pass
+        raise jwt.InvalidSignatureError("aucune clé")
