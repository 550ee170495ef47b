"""Teams and the net between people: who works with whom, who rests on whom."""
