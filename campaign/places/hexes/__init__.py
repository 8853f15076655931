"""The hex map, on which every constituency is a hexagon of the same size."""
