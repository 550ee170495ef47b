"""What agents may do: deciding, asking, answering, settings, outcomes, and telling approvers outside."""
