# change of: solution
# feedback: déjà donné à une autre requête | un identifiant nouveau
-    g.request_id = given if re.fullmatch(r"[A-Za-z0-9-]{1,64}", given) else uuid.uuid4().hex
+    g.request_id = re.sub(r"[^A-Za-z0-9-]", "", given)[:64] or uuid.uuid4().hex
