# change of: solution
# feedback: 11 service(s)
 boutique = {
+    "avis": {"domaine": "avis"},
+    "livraison": {"domaine": "livraison"},
+    "panier": {"domaine": "panier"},
+    "recherche": {"domaine": "recherche"},
+    "promotions": {"domaine": "promotions"},
