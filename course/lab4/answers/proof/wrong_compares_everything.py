# change of: solution
# feedback: aéré | le refuse
-        assert wanted.items() <= json.loads(body).items(), "il dit autre chose"
+        assert wanted == json.loads(body), "il dit autre chose"
