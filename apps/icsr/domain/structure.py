"""Where things stand in the HL7 version 3 message: contexts, the order of children, fixed attributes.

A path is a chain of element names. `{29@CL19}` says that the element carries this code of that list (as
its child `code`), `{~NA}` that its code is empty for that reason, `{10@CL19 by 1@CL21}` that who said it
has that code. `[NS1]` is the root of an id, `[SAS]` the type of a relationship, `[tel]` the kind of an address,
`[L]` the end of a normal range. Everything after `+` is made anew for each row. A name without a bracket
in it stands for the only one of its kind.

Facts: ICH ICSR Implementation Guide v5.03, the message type PORR_MT049016UV and its parts.
"""

from apps.icsr.domain.codes import ICH_IDS, ICH_LISTS, RANGES

NAMESPACE = "urn:hl7-org:v3"
ROOT = "MCCI_IN200100UV01"
MESSAGE = "PORR_IN049016UV"
TRIGGER = "PORR_TE049016UV"
INTERACTIONS = "2.16.840.1.113883.1.6"
TRIGGERS = "2.16.840.1.113883.1.18"
ACT_CODES = "2.16.840.1.113883.5.4"

# Context: its parent, and the way from there. Rows are repeated.
CONTEXTS: dict[str, tuple[str, str]] = {
    "INV": ("MSG", "controlActProcess/subject/investigationEvent"),
    "SRC": ("INV", "+outboundRelationship{2@CL22}"),
    "SRCA": ("SRC", "relatedInvestigation/subjectOf2/controlActEvent/author/assignedEntity"),
    "SND": ("INV", "subjectOf1/controlActEvent/author/assignedEntity"),
    "OTHID": ("INV", "+subjectOf1/controlActEvent/id[NS3]"),
    "DOC": ("INV", "+reference/document{1@CL27}"),
    "LIT": ("INV", "+reference/document{2@CL27}"),
    "AEA": ("INV", "component/adverseEventAssessment"),
    "PAT": ("AEA", "subject1/primaryRole"),
    "HIST": ("PAT", "subjectOf2/organizer{1@CL20}/+component/observation"),
    "PASTD": ("PAT", "subjectOf2/organizer{2@CL20}/+component/substanceAdministration"),
    "DEATH": ("PAT", "+subjectOf2/observation{32@CL19}"),
    "RX": ("PAT", "+subjectOf2/observation{29@CL19}"),
    "TEST": ("PAT", "subjectOf2/organizer{3@CL20}/+component/observation"),
    "DRUG": ("PAT", "subjectOf2/organizer{4@CL20}/+component/substanceAdministration"),
    "KOP": ("DRUG", "consumable/instanceOfKind/kindOfProduct"),
    "SUBST": ("KOP", "+ingredient"),
    "DOSE": ("DRUG", "+outboundRelationship2[COMP]/substanceAdministration"),
    "INDIC": ("DRUG", "+inboundRelationship[RSON]/observation{19@CL19 by 3@CL21}"),
    "FROM_START": ("DRUG", "+outboundRelationship1[SAS]"),
    "FROM_END": ("DRUG", "+outboundRelationship1[SAE]"),
    "AGAIN": ("DRUG", "+outboundRelationship2[PERT]/observation{31@CL19}"),
    "ROLE": ("AEA", "+component/causalityAssessment{20@CL19}"),
    "CAUS": ("AEA", "+component/causalityAssessment{39@CL19}"),
    "SDX": ("AEA", "+component1/observationEvent{15@CL19 by 1@CL21}"),
    "NATIVE": ("INV", "+component/observationEvent{36@CL19 by 2@CL21}"),
}

# Where rows refer to a reaction or a drug: the way from the row to an id, of which the root is a UUID.
LINKS: dict[str, dict[str, str]] = {
    "RX": {"self": "id"},
    "DRUG": {"self": "id"},
    "ROLE": {"drug": "subject2/productUseReference/id"},
    "CAUS": {"reaction": "subject1/adverseEffectReference/id", "drug": "subject2/productUseReference/id"},
    "FROM_START": {"reaction": "actReference/id"},
    "FROM_END": {"reaction": "actReference/id"},
    "AGAIN": {"reaction": "outboundRelationship1[REFR]/actReference/id"},
}

# Relationships that hold one thing each: a second thing of another kind needs a second relationship.
SINGLE = frozenset(
    {
        "component",
        "component1",
        "inboundRelationship",
        "outboundRelationship2",
        "reference",
        "referenceRange",
        "subjectOf1",
        "subjectOf2",
    }
)

# Attributes HL7 wants and that say nothing; "parent/name" where the name alone is not enough.
_FIXED = """
classCode=OBS moodCode=EVN: observation causalityAssessment investigationCharacteristic
    observationEvent adverseEffectReference actReference
classCode=INVSTG moodCode=EVN: investigationEvent relatedInvestigation adverseEventAssessment
classCode=CACT moodCode=EVN: controlActProcess controlActEvent
classCode=SBADM moodCode=EVN: substanceAdministration productUseReference
classCode=ACT moodCode=EVN: act productEvent
classCode=CATEGORY moodCode=EVN: organizer
classCode=DOC moodCode=EVN: document
classCode=CLNTRL moodCode=EVN: researchStudy
classCode=CNTRCT moodCode=EVN: approval
classCode=OBS moodCode=EVN.CRT: observationRange
classCode=DEV determinerCode=INSTANCE: device
classCode=PSN determinerCode=INSTANCE: assignedPerson player1
classCode=ORG determinerCode=INSTANCE: representedOrganization playingOrganization
classCode=COUNTRY determinerCode=INSTANCE: asLocatedEntity/location locatedPlace
classCode=NAT determinerCode=INSTANCE: territory
classCode=MMAT determinerCode=KIND: kindOfProduct ingredientSubstance
classCode=MMAT determinerCode=INSTANCE: productInstanceInstance
classCode=INVSBJ: primaryRole
classCode=ASSIGNED: assignedEntity
classCode=LOCE: asLocatedEntity locatedEntity
classCode=QUAL: asQualifiedEntity
classCode=IDENT: asIdentifiedEntity
classCode=MANU: asManufacturedProduct
classCode=INST: instanceOfKind
classCode=ACTI: ingredient
typeCode=HLD: holder
classCode=HLD: role
classCode=TERR: territorialAuthority
typeCode=RCV: receiver
typeCode=SND: sender
typeCode=AUT: author
typeCode=PRF: performer
typeCode=CSM: consumable
typeCode=LOC: location
typeCode=REFR: reference
typeCode=REFV: referenceRange
typeCode=SPRT: outboundRelationship
typeCode=COMP: component component1
typeCode=SUBJ: subject subject1 subject2 investigationEvent/subjectOf1 investigationEvent/subjectOf2
    relatedInvestigation/subjectOf2
typeCode=SBJ: adverseEventAssessment/subject1 subjectOf subjectOf1 subjectOf2
"""

# The sequence of children in the schema; what is not named has only one child, or only one kind.
_CHILDREN = """
MCCI_IN200100UV01: id creationTime responseModeCode interactionId name receiver sender
PORR_IN049016UV: id creationTime interactionId processingCode processingModeCode acceptAckCode receiver sender
    controlActProcess
controlActProcess: code effectiveTime subject
investigationEvent: id code text statusCode effectiveTime availabilityTime reference component
    outboundRelationship subjectOf1 subjectOf2
outboundRelationship: priorityNumber relatedInvestigation
outboundRelationship1: pauseQuantity actReference
relatedInvestigation: code subjectOf2
controlActEvent: id author
document: code title text bibliographicDesignationText
assignedEntity: code addr telecom assignedPerson representedOrganization
assignedPerson: name asQualifiedEntity asLocatedEntity
name: prefix given family
addr: city state postalCode country
representedOrganization: name addr assignedEntity
adverseEventAssessment: subject1 component component1
causalityAssessment: code value methodCode author subject1 subject2
observationEvent: code value author
investigationCharacteristic: code value
primaryRole: player1 subjectOf1 subjectOf2
player1: name administrativeGenderCode birthTime deceasedTime asIdentifiedEntity
asIdentifiedEntity: id code
researchStudy: code
organizer: code component
observation: id code effectiveTime value interpretationCode performer location referenceRange outboundRelationship1
    outboundRelationship2 inboundRelationship
observationRange: value interpretationCode
substanceAdministration: id text effectiveTime routeCode doseQuantity doseCheckQuantity consumable
    outboundRelationship1 outboundRelationship2 inboundRelationship
instanceOfKind: productInstanceInstance kindOfProduct subjectOf
kindOfProduct: name formCode asManufacturedProduct ingredient
ingredient: quantity ingredientSubstance
quantity: numerator denominator
doseCheckQuantity: numerator denominator
approval: id holder author
productEvent: code performer
effectiveTime: comp low width high period
comp: low width high period
"""


def _entries(text: str) -> list[tuple[str, list[str]]]:
    """Lines of "head: words"; a line that is indented goes on with the one before."""
    lines = text.strip().replace("\n    ", " ").splitlines()
    return [(head, words.split()) for head, _, words in (line.partition(": ") for line in lines)]


FIXED: dict[str, dict[str, str]] = {
    name: dict(pair.split("=") for pair in pairs.split())
    for pairs, names in _entries(_FIXED)
    for name in names
}
ORDER: dict[str, dict[str, int]] = {
    parent: {child: place for place, child in enumerate(children)} for parent, children in _entries(_CHILDREN)
}


def oid(short: str) -> str:
    """The OID behind a short form: CL19 is a code list, NS1 the root of an id."""
    if short.startswith("CL"):
        return ICH_LISTS + short[2:]
    return ICH_IDS + short[2:] if short.startswith("NS") else RANGES
