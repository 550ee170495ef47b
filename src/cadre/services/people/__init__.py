"""What is said to, by and about people: notice, declarations, contests, reviews, seats, outcomes."""
