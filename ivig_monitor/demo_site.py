"""The invented hospital that sends the demo's cases."""

DEMO_SITE = {
    "CASE_COUNTRY": "NO",
    "CASE_ORGANISATION_CODE": "DEMO",
    "CASE_ORGANISATION": "Demo Hospital",
    "CASE_DEPARTMENT": "Pharmacovigilance",
    "CASE_CITY": "Demo City",
    "CASE_POSTCODE": "0000",
    "CASE_TELEPHONE": "+4700000000",
    "CASE_EMAIL": "safety@hospital.example",
    "CASE_LANGUAGE": "nb",
    "CASE_REGIMES": "eu_post_marketing,norway_health_personnel",
}
