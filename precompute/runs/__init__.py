"""What a command does, stage by stage."""
