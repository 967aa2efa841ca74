# change of: solution
# feedback: Aucune ligne JSON
-        print(json.dumps(line), flush=True)
+        print(json.dumps(line, indent=2), flush=True)
