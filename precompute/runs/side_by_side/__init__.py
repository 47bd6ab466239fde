"""Work shared out to processes of one thread each."""
