# change of: solution
# feedback: fait 4 gestes
-        "gestes": ["décrire un article", "fixer un prix", "publier un avis"],
+        "gestes": ["décrire un article", "fixer un prix", "publier un avis", "expédier un colis"],

-    "stock": {"domaine": "stock", "gestes": ["réserver un article", "expédier un colis"]},
+    "stock": {"domaine": "stock", "gestes": ["réserver un article"]},
