"""The app in a browser: one server on this computer, one running session, as many browsers as look at it."""
