"""A shift: nurses at their tablets, dashboards on the walls."""
