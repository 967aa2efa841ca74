# change of: right_python_dict_with_swagger_files
# feedback: api.boutique.example | servers
     "info": {"title": "Products", "version": "1.0.0"},
+    "servers": [{"url": "https://api.boutique.example/v1"}],
