# change of: right_python_dict_with_swagger_files
# feedback: api.boutique.example | servers
# mistake: donne(nt) l’adresse d’un autre serveur
     "info": {"title": "Products", "version": "1.0.0"},
+    "servers": [{"url": "https://api.boutique.example/v1"}],
