# change of: solution
# feedback: ni facture, ni lettre morte | disparu
# mistake: acquitte(nt) le message raté, qui disparaît
-        channel.basic_reject(method.delivery_tag, requeue=True)
-    else:
+        print("tant pis :", body)
+    finally:
