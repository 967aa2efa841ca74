# change of: solution
# feedback: En lettres mortes
     except (OSError, ValueError):
+        if tries[body] > 3:
+            channel.basic_publish("", DEAD, body)
