"""What a patient tells from home, by a link that only they hold. Nobody signs in, and silence stays unknown."""
