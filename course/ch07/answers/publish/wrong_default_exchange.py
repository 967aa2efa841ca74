# change of: solution
# feedback: rien n’est arrivé | shop.events
# mistake: publie(nt) ailleurs que dans shop.events
-                "shop.events", routing_key(event), json.dumps(event), persistent, mandatory=True
+                "", routing_key(event), json.dumps(event), persistent, mandatory=True
