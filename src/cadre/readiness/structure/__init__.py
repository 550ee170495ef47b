"""What leads a firm needs and who could take each seat: the rule, growth, assignment, and what rests on one person.

Pure arithmetic over counts and estimates. What stands here is told of teams and of coverage; a person appears as a key only.
"""
