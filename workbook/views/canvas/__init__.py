"""What every picture is drawn with: shapes, text as outlines, colours, French figures."""
