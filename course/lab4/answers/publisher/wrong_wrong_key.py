# change of: solution
# feedback: rien n’arrive
-                "shop.events", "return.requested", json.dumps(event), properties, mandatory=True
+                "shop.events", "returns.requested", json.dumps(event), properties
