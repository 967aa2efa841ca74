# feedback: produits | un dictionnaire
boutique = {"catalogue": "produits", "stock": "stock"}
