"""What people print and pass on: figures of a session, and later the whole report."""
