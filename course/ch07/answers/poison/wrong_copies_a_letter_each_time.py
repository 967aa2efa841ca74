# change of: solution
# feedback: En lettres mortes
# mistake: copie(nt) la lettre morte à chaque essai
     except (OSError, ValueError):
+        if tries[body] > 3:
+            channel.basic_publish("", DEAD, body)
