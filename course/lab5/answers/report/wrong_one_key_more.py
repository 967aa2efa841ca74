# change of: solution
# feedback: Le rapport a un champ « note »
# mistake: (ajoute|ajoutent) une clé au rapport
-    "what": hurt[0].promise,
+    "note": "tout relancer n’a rien changé",
+    "what": hurt[0].promise,
