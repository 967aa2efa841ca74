"""The exercises of the course: one module a chapter or lab, checked by behaviour."""
