"""The command `corridors`: one module per topic, options that several commands share, and how commands run."""
