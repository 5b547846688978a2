"""Working days, Tết and swap days, and the day a book is really read."""
