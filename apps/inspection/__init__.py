"""The auditor's pages: who read what, who changed what, and whether the record is whole."""
