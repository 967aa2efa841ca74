# change of: solution
# feedback: Aucune file n’attend | 503
-                "shop.events", "return.requested", json.dumps(event), properties, mandatory=True
+                "shop.events", "return.requested", json.dumps(event), properties
