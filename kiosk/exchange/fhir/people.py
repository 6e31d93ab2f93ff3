"""Who, with what, when: patient, sitters, devices, the session itself, what was taken, and the plan it went by."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.exchange.fhir.case import Case
from kiosk.exchange.fhir.code import HL7, MDC, MEDICINES, RXNORM, Json, coding, concept, quantity
from kiosk.session import events as e
from kiosk.text.emergency import route_words
from kiosk.text.export import NOT_CONFIRMED

_SPECIAL = {
    "oximeter": (coding(MDC, "528388", "MDC_DEV_SPEC_PROFILE_PULS_OXIM"), "Pulse oximeter"),
    "cuff": (coding(MDC, "528391", "MDC_DEV_SPEC_PROFILE_BP"), "Blood pressure monitor"),
}
_FIRMWARE = concept("Firmware revision", coding(MDC, "531976", "MDC_ID_PROD_SPEC_FW"))
_SOFTWARE = concept("Software revision", coding(MDC, "531975", "MDC_ID_PROD_SPEC_SW"))


def people(case: Case) -> Iterator[Json]:
    """Everything that the observations refer to."""
    yield from _persons(case)
    yield from _devices(case)
    yield _session(case)
    yield from _medicine(case)
    yield _plan(case)
    yield from _overrides(case)


def _persons(case: Case) -> Iterator[Json]:
    opened = case.opened
    identifier = [{"system": "urn:session-room:patient", "value": opened.patient_id}]
    yield case.resource("Patient", "patient", identifier=identifier, name=_named(opened.patient_label))
    for name in case.sitter_names:
        yield case.resource(
            "RelatedPerson",
            f"sitter {name}",
            patient=case.ref("patient"),
            relationship=[concept("sitter")],
            name=_named(name),
        )


def _named(name: str) -> list[Json] | None:
    return [{"text": name}] if name.strip() else None


def _devices(case: Case) -> Iterator[Json]:
    yield case.resource(
        "Device",
        "gateway",
        deviceName=[{"name": "session-room", "type": "user-friendly-name"}],
        type_=concept("This program", coding(MDC, "531981", "MDC_MOC_VMS_MDS_AHD")),
        version=[{"type": _SOFTWARE, "value": case.opened.program_version}],
        note=[{"text": "Educational software. Not a medical device."}],
    )
    told = {row.what.device: row.what for row in case.events if isinstance(row.what, e.DeviceIdentified)}
    for link in case.state.links.values():
        said = told.get(link.device) or e.DeviceIdentified(link.device)
        special, text = _SPECIAL.get(link.role, (None, link.role))
        yield case.resource(
            "Device",
            f"device {link.device}",
            identifier=[_address(link.device)],
            manufacturer=said.manufacturer,
            serialNumber=said.serial,
            modelNumber=said.model,
            deviceName=[{"name": said.name or link.name or link.device, "type": "user-friendly-name"}],
            type_=concept("Personal health device", coding(MDC, "65573", "MDC_MOC_VMS_MDS_SIMP")),
            specialization=[{"systemType": concept(text, *([special] if special else []))}],
            version=[{"type": _FIRMWARE, "value": said.firmware}] if said.firmware else None,
            patient=case.ref("patient"),
            note=[{"text": f"Read by the driver {link.driver}."}] if link.driver else None,
        )


def _address(device: str) -> Json:
    kind = concept("Bluetooth address", coding(f"{HL7}/ContinuaDeviceIdentifiers", "BTMAC", "Bluetooth MAC address"))
    value = device.upper().replace(":", "-")
    return {"type": kind, "system": "http://hl7.org/fhir/sid/eui-48/bluetooth", "value": value}


def _session(case: Case) -> Json:
    known = case.whole
    period = {"start": case.time(known.opened_ns)}
    if known.ended_ns is not None:
        period["end"] = case.time(known.ended_ns)
    return case.resource(
        "Encounter",
        "session",
        identifier=[{"system": "urn:session-room:session", "value": case.opened.session_id}],
        status="in-progress" if known.ended_ns is None else "finished",
        class_=coding(f"{HL7}/v3-ActCode", "HH", "home health"),
        type_=[concept("Session at home with a prescribed medicine")],
        subject=case.ref("patient"),
        participant=[{"individual": case.ref(f"sitter {name}")} for name in case.sitter_names],
        period=period,
    )


def _medicine(case: Case) -> Iterator[Json]:
    opened, dose = case.opened, case.state.dose
    known = MEDICINES.get(opened.medication.strip().lower())
    codes = [coding(RXNORM, known, opened.medication.strip().lower())] if known else []
    lot = case.plan.medication.lot if case.plan else ""
    yield case.resource(
        "Medication",
        "medicine",
        code=concept(opened.medication or "no medicine named in the plan", *codes),
        batch={"lotNumber": lot} if lot else None,
    )
    if dose is None:
        return
    amount = None if opened.dose_mg is None else quantity(opened.dose_mg, "mg")
    yield case.resource(
        "MedicationAdministration",
        "dose",
        status="completed",
        medicationReference=case.ref("medicine"),
        subject=case.ref("patient"),
        context=case.ref("session"),
        effectiveDateTime=case.time(dose.at_utc_ns),
        dosage={"route": {"text": route_words(opened.route)}, **({"dose": amount} if amount else {})},
        note=[{"text": "The amount is the plan's; the sitter marked the time."}],
    )


def _plan(case: Case) -> Json:
    """The limits in words, with who set them, and whether a provider answers for them."""
    opened = case.opened
    confirmed = f"Confirmed by {opened.plan_confirmed}" if opened.plan_confirmed else NOT_CONFIRMED.upper()
    return case.resource(
        "CarePlan",
        "plan",
        status="active" if case.whole.ended_ns is None else "completed",
        intent="plan",
        title=f"Plan of the session: {opened.plan}".rstrip(": "),
        description=f"{confirmed}. Limits by {opened.plan_author or 'nobody named'}.",
        subject=case.ref("patient"),
        encounter=case.ref("session"),
        note=[{"text": line} for line in opened.limits],
    )


def _overrides(case: Case) -> Iterator[Json]:
    """Checks before the start that somebody passed over, with reason and name."""
    for row in case.events:
        if isinstance(row.what, e.CheckOverridden):
            yield case.resource(
                "Flag",
                f"override {row.seq}",
                status="inactive",
                category=[concept("Check before the start, overridden")],
                code=concept(row.text),
                subject=case.ref("patient"),
                period={"start": case.time(row.stamp.utc_ns)},
                encounter=case.ref("session"),
            )
