"""What the exercise is: features that no mounting changes, a model in a neutral file, and how it is trained and tested."""
