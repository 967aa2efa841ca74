"""Plots in the map's theme: stacked bars, cumulative distributions. Each one says its data."""
