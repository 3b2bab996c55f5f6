"""Makes the environment this project works in; standard library only, since it runs first."""
