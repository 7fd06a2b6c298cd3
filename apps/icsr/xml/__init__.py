"""The report as HL7 version 3 XML: writing, reading, and the schemas where a site has them."""
