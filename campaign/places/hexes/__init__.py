"""A map of the constituencies on which each is a hexagon of the same size."""
