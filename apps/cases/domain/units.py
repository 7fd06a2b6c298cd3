"""Signs and results under the names and units of E2B(R3): English, UCUM."""

# Sign as the bedside keeps it -> (English name, UCUM unit, unit as people write it).
SIGNS = {
    "systolic_mmhg": ("Systolic blood pressure", "mm[Hg]", "mmHg"),
    "diastolic_mmhg": ("Diastolic blood pressure", "mm[Hg]", "mmHg"),
    "pulse_per_min": ("Pulse rate", "/min", "/min"),
    "respiratory_rate_per_min": ("Respiratory rate", "/min", "/min"),
    "spo2_percent": ("Oxygen saturation", "%", "%"),
    "temperature_c": ("Body temperature", "Cel", "°C"),
    "oxygen_l_per_min": ("Oxygen given", "L/min", "L/min"),
}
# Unit of a laboratory result as the guideline data writes it -> UCUM. What is not here goes out in words.
UCUM = {
    "%": "%",
    "g/L": "g/L",
    "g/dL": "g/dL",
    "mg/L": "mg/L",
    "mg/dL": "mg/dL",
    "mmol/L": "mmol/L",
    "µmol/L": "umol/L",
    "mEq/L": "meq/L",
    "mmol/kg": "mmol/kg",
    "mOsm/kg": "mosm/kg",
    "U/L": "U/L",
    "µkat/L": "ukat/L",
    "L/L": "L/L",
    "/µL": "/uL",
    "×10⁹/L": "10*9/L",
    "×10³/µL": "10*3/uL",
    "mL": "mL",
    "mL/kg/h": "mL/kg/h",
    "mL/min/1.73 m²": "mL/min/{1.73_m2}",
    "‰": "[ppth]",
}
# Language of a page -> ISO 639-2.
LANGUAGES = {"en": "eng", "nb": "nor", "fa": "fas"}
