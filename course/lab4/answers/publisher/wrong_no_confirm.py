# change of: solution
# feedback: Aucune file n’attend | 503
-            channel.confirm_delivery()
-            channel.basic_publish(
-                "shop.events", "return.requested", json.dumps(event), properties, mandatory=True
-            )
+            channel.basic_publish(
+                "shop.events", "return.requested", json.dumps(event), properties
+            )
