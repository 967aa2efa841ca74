# change of: solution
# feedback: publier un avis » : personne
-        "gestes": ["décrire un article", "fixer un prix", "publier un avis"],
+        "gestes": ["décrire un article", "fixer un prix"],
