# change of: solution
# feedback: L’ancien s’inscrit, l’ancien se désinscrit | en règle serait repoussée
-    require(name, int(request.args["lease"]))
+    require(name, request.args["lease"])
