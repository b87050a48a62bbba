"""What a published page says of itself: addresses, description and card, its end, the EPUB."""
