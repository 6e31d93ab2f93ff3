"""Codes of the bundle, in one place: LOINC, IEEE 11073 (MDC), UCUM, RxNorm, and HL7's own.

Vital signs carry LOINC and MDC beside each other, SpO2 both LOINC codes that the pulse oximetry profiles ask for. MDC
numbers and their reference names as in the HL7 personal health device guide; RxNorm for the two medicines only.
LOINC content is copyright of Regenstrief Institute and the LOINC Committee (`LOINC_NOTICE`).
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

LOINC, MDC, UCUM = "http://loinc.org", "urn:iso:std:iso:11073:10101", "http://unitsofmeasure.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
HL7 = "http://terminology.hl7.org/CodeSystem"
PHD = "http://hl7.org/fhir/uv/phd"
GATEWAY = "http://hl7.org/fhir/StructureDefinition/observation-gatewayDevice"
ALERTING = f"{PHD}/StructureDefinition/SimpleAlerting"
LOINC_NOTICE = (
    "This material contains content from LOINC (http://loinc.org). LOINC is copyright © Regenstrief Institute, Inc. "
    "and the Logical Observation Identifiers Names and Codes (LOINC) Committee and is available at no cost under the "
    "license at http://loinc.org/license. LOINC is a registered United States trademark of Regenstrief Institute, Inc."
)


def coding(system: str, code: str, display: str = "") -> Json:
    """One code."""
    return {"system": system, "code": code, **({"display": display} if display else {})}


def concept(text: str, *codings: Json) -> Json:
    """A concept with its words; codes as far as there are any."""
    return {**({"coding": list(codings)} if codings else {}), "text": text}


def quantity(value: Any, unit: str) -> Json:
    """A number with a UCUM unit, whose code is shown as its name too."""
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


SPO2 = concept(
    "Oxygen saturation",
    coding(LOINC, "2708-6", "Oxygen saturation in Arterial blood"),
    coding(LOINC, "59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry"),
    coding(MDC, "150456", "MDC_PULS_OXIM_SAT_O2"),
)
PULSE = concept("Pulse", coding(LOINC, "8867-4", "Heart rate"), coding(MDC, "149530", "MDC_PULS_OXIM_PULS_RATE"))
CUFF_PULSE = concept("Pulse", coding(LOINC, "8867-4", "Heart rate"), coding(MDC, "149546", "MDC_PULS_RATE_NON_INV"))
HEART_RATE = concept("Heart rate", coding(LOINC, "8867-4", "Heart rate"), coding(MDC, "147842", "MDC_ECG_HEART_RATE"))
PRESSURE = concept(
    "Blood pressure",
    coding(LOINC, "85354-9", "Blood pressure panel with all children optional"),
    coding(MDC, "150020", "MDC_PRESS_BLD_NONINV"),
)
SYSTOLIC = concept(
    "Systolic blood pressure",
    coding(LOINC, "8480-6", "Systolic blood pressure"),
    coding(MDC, "150021", "MDC_PRESS_BLD_NONINV_SYS"),
)
DIASTOLIC = concept(
    "Diastolic blood pressure",
    coding(LOINC, "8462-4", "Diastolic blood pressure"),
    coding(MDC, "150022", "MDC_PRESS_BLD_NONINV_DIA"),
)
MEAN = concept(
    "Mean blood pressure",
    coding(LOINC, "8478-0", "Mean blood pressure"),
    coding(MDC, "150023", "MDC_PRESS_BLD_NONINV_MEAN"),
)
BREATHS = concept("Respiratory rate", coding(LOINC, "9279-1", "Respiratory rate"))
# A run of samples is no single vital sign: the profiles of the LOINC codes above want one quantity. So MDC alone.
SPO2_TREND = concept("Oxygen saturation, trend", coding(MDC, "150456", "MDC_PULS_OXIM_SAT_O2"))
PULSE_TREND = concept("Pulse, trend", coding(MDC, "149530", "MDC_PULS_OXIM_PULS_RATE"))

VITAL_SIGNS = [concept("Vital Signs", coding(f"{HL7}/observation-category", "vital-signs", "Vital Signs"))]
EXAM = [concept("Exam", coding(f"{HL7}/observation-category", "exam", "Exam"))]
QUESTIONABLE = [
    concept("questionable", coding("http://hl7.org/fhir/uv/pocd/CodeSystem/measurement-status", "questionable"))
]
TEST_DATA = coding(f"{HL7}/v3-ActReason", "HTEST", "test health data")
MEDICINES = {"ketamine": "6130", "esketamine": "2119365"}


def absent(reason: str) -> Json:
    """Why there is no value: "error" or "not-a-number"."""
    return concept(reason, coding(f"{HL7}/data-absent-reason", reason))
