"""What must hold, and what several tests share."""
