"""The tables: their schema, how they are read and checked, the bundled ones, positions and names."""
