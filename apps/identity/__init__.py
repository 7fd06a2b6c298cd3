"""Who somebody is: the door with its limits, second factors, passkeys, sign-in by the hospital's provider."""
