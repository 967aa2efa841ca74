# change of: solution
# feedback: Aucune file n’attend | répondu True | jette un message
# mistake: oublie(nt) mandatory
-                "shop.events", routing_key(event), json.dumps(event), persistent, mandatory=True
+                "shop.events", routing_key(event), json.dumps(event), persistent
