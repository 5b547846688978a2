"""Rules about all registers of a point in one visit; ``check`` takes the rows of the point."""
