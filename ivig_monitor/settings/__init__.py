"""Settings: `base` for the demo and the tests, `production` for a hospital."""
