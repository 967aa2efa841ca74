# change of: right_flask_openapi3
# feedback: 201 n’est pas documenté
# mistake: ne documente(nt) pas un statut
-@app.post("/products", responses={201: Product, 409: None})
+@app.post("/products", responses={200: Product})
