"""What people are told, may contest and say themselves, and which facts of it the release rule asks for."""
