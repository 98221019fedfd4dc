"""What goes out: house style, maps, charts and tables, each with the data and the provenance behind it."""
