"""A plan to be filled in: what a provider has to decide, with the shipped phases of the route. Text only, no I/O.

Used by `kiosk plan new`. It sets no limit and no dose: every line that needs a provider is marked "<...>", so that
`kiosk plan check` refuses the file until somebody has filled it in.
"""

from __future__ import annotations

import secrets

from kiosk.session.profile import PROFILES

ROUTES = tuple(PROFILES)

_HEAD = """# A plan for one patient. Fill in every "<...>", take out what does not apply, then: kiosk plan check FILE
# A limit that is taken out does not alarm and is shown as "no limit set".

[patient]
id = "{patient_id}"          # random, keep it: it joins the sessions of one patient; never initials or a birth date
label = "<how the sitter calls the person>"
card_name = "<as read out to the emergency number: name, age>"
medications = ["<every other medicine>"]
allergies = ["<allergies>"]

[sitter]
label = "<how the sitter is called>"

[medication]
name = "Ketamine"
dose_mg = "<milligrams>"
route = "{route}"
lot = ""

[contacts]
address = "<where the patient lies, as read out on the phone>"
emergency_number = "{number}"   # {why}: confirm it

crisis_line = "<line for thoughts of suicide, day and night; 988 in the US>"

[[contacts.people]]
name = "<name>"
role = "provider"
number = "<number>"

[devices.oximeter]
use = "<required, wanted or unused>"
why = "<the reason, like respiratory concern>"

[devices.cuff]
use = "<required, wanted or unused>"
why = "<the reason, like hypertension>"

[limits]
author = "<who sets these limits>"
set_on = "<date, like 2026-11-03>"
spo2_low = {{ value = "<percent>", delay_s = 15 }}
spo2_hard = {{ value = "<percent, below spo2_low>", delay_s = 2 }}
pulse_low = {{ value = "<beats per minute>", delay_s = 15 }}
pulse_high = {{ value = "<beats per minute>", delay_s = 15 }}
systolic_high = {{ value = "<mmHg>", hard = "<mmHg>" }}
diastolic_high = {{ value = "<mmHg>", hard = "<mmHg>" }}

[checks]
look_in_every_min = 15
solids_h = 6
clear_liquids_h = 2
pressures_apart_s = 60
hold = {{ systolic = "<mmHg>", diastolic = "<mmHg>", recheck_min = 5 }}  # a baseline at either or above holds the start

[series]            # take out what does not apply
min_gap_hours = "<hours between two sessions>"
starts_on = "<date of the first session, like 2026-11-04>"
per_week = "<sessions a week>"
weeks = "<for how many weeks>"
then_every_weeks = "<afterwards one every so many weeks>"
at = ""             # usual time of day, like "19:00", for calendars
renewal_every = "<sessions until the plan has to be confirmed anew>"
doses = "<doses in the house>"
doses_on = "<on which date, like 2026-11-03>"

[scores]            # what the patient is asked; take out what does not apply
before = ["nausea", "dizziness", "anxiety", "dissociation", "mood"]   # 0 to 10, in the preparation
after = ["nausea", "dizziness", "anxiety", "dissociation", "mood"]    # 0 to 10, after release
follow_ups = true           # 24 h and 72 h after a session, and three bladder questions a month
phq9_every_days = 14        # 0: before each session. Its ninth question needs contacts.crisis_line
gad7_every_days = 14
questionnaires = []         # FHIR R4 Questionnaires (JSON) beside this file

[release]
minimum_min = "<minutes of observation after the dose; published for this route: {minimum:g} or longer>"
rung_min = 2
within_percent = 20

[aftercare]         # the hours after; take out what does not apply
driving_from = "<clock time of the next day, like 09:00: no driving and no machines before>"
decisions_from = "<clock time of the next day: no important decision and no serious talk before>"
stays = "<who stays for the night>"
"""

_PHASE = """
[[phases]]          # minutes after the dose
key = "{key}"
name = "{name}"
from_min = {from_min:g}
to_min = {to_min:g}
"""

_PRESSURE = """
[[pressure]]
at_min = {at_min:g}
window_min = 5
"""

_TAIL = """
[music]             # by phase: "ambient" is what comes with the program; or words that own music is tagged with
{music}

# [confirmed]       # when the provider has read and set all of this
# by = "..."
# on = 2026-11-03
# role = "prescriber"
"""


def form(route: str, number: str, why: str) -> str:
    """The text of a new plan for a route. number, why: emergency number and where the suggestion comes from."""
    profile = PROFILES[route]
    phases = [
        _PHASE.format(key=key, name=name, from_min=from_min, to_min=to_min)
        for key, name, from_min, to_min in profile.phases
    ]
    return "".join(
        (
            _HEAD.format(
                patient_id=f"p-{secrets.token_hex(6)}",
                route=route,
                number=number,
                why=why,
                minimum=profile.minimum_min,
            ),
            *phases,
            *(_PRESSURE.format(at_min=at_min) for at_min in profile.pressures_min),
            _TAIL.format(music="\n".join(f'{key} = "ambient"' for key, *_ in profile.phases)),
        )
    )
