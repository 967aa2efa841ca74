# change of: right_flask_openapi3_error_model
# feedback: 409 n’est pas documenté
# mistake: ne documente(nt) pas un statut
-@app.post("/products", responses={201: Product, 409: Error})
+@app.post("/products", responses={201: Product})
