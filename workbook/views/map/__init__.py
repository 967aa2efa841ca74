"""The live map: its cards and edges, its sentence, its widget."""
