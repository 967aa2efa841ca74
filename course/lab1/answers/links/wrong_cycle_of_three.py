# change of: solution
# feedback: 508 | catalogue | comptes → commandes
-    "comptes": {"domaine": "utilisateurs", "gestes": ["inscrire un client"]},
+    "comptes": {
+        "domaine": "utilisateurs",
+        "gestes": ["inscrire un client"],
+        "appelle": ["commandes"],
+    },

-        "gestes": ["décrire un article", "fixer un prix", "publier un avis"],
+        "gestes": ["décrire un article", "fixer un prix", "publier un avis"],
+        "appelle": ["comptes"],
