# change of: solution
# feedback: inscrire un client » : personne
-    "comptes": {"domaine": "utilisateurs", "gestes": ["inscrire un client"]},
+    "comptes": {"domaine": "utilisateurs"},
