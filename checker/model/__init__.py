"""What passes between the rooms: frozen data, no reading, no writing, no judging."""
