"""Programs that are no chapters: printing, releasing, running notebooks, making fonts."""
