# change of: right_direct
# feedback: vous rendez '
# mistake: (rend|rendent) un texte à la place du nombre
-    return response.json()["available"] if response.ok else None
+    return str(response.json()["available"]) if response.ok else None
