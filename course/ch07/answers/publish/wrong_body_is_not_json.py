# change of: solution
# feedback: Le message reçu est | en JSON
# mistake: n’envoie(nt) pas du JSON
-                "shop.events", routing_key(event), json.dumps(event), persistent, mandatory=True
+                "shop.events", routing_key(event), str(event), persistent, mandatory=True
