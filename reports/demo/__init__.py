"""The demo group: an invented maker of heavy machinery with its studios, their people, plans and results."""
