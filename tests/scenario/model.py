# SPDX-License-Identifier: Apache-2.0
"""What the queues must hold, said a second time from the domain page, without a look at the service's own rules."""
import datetime

ANSWER_WITHIN = {1: 0, 2: 10, 3: 60, 4: 120, 5: 240} # minutes
DANGER = {"injured", "in_danger"}
LIFE_THREATS = {"medical_emergency", "violence"}
# A registration describes; of the needs it names, only these are cries for help by themselves.
CRIES = {"medical_emergency", "unaccompanied_minor", "detained", "violence", "documents"}
ALWAYS_SERIOUS = {"medical_emergency", "medication", "unaccompanied_minor", "detained", "violence"}


def band_of(status, needs, intent=None):
    """None: nobody need look. `status` None is a registration."""
    needs = set(needs)
    if status is None:
        needs &= CRIES
    if status in DANGER and needs & (LIFE_THREATS | {"unaccompanied_minor"}):
        return 1
    if status in DANGER or needs & ALWAYS_SERIOUS or (status == "need_help" and "pregnant" in needs):
        return 2
    if status in ("need_help", "moving"):
        return 3
    if intent == "wants_evacuation" or "documents" in needs:
        return 4
    if status is not None and needs:
        return 5
    return None


def queue_of(band, known, intent_alone):
    if not known:
        return "identification"
    if band <= 2:
        return "emergency"
    return "departure" if intent_alone else "assistance"


class Case:
    """The one case of a party."""

    def __init__(self, band, queue, received):
        self.band, self.queue, self.state = band, queue, "open"
        self.respond_by = received + datetime.timedelta(minutes=ANSWER_WITHIN[band])

    def cry(self, band, queue, received):
        respond_by = received + datetime.timedelta(minutes=ANSWER_WITHIN[band])
        if self.state == "resolved":
            self.__init__(band, queue, received)
            return
        if band < self.band:
            self.band, self.queue = band, queue
        self.respond_by = min(self.respond_by, respond_by)


class Register:
    """Parties by a key of the scenario's own; strangers by their phone or code."""

    def __init__(self):
        self.cases = {}

    def hear(self, key, received, status, needs, known=True, intent=None):
        band = band_of(status, needs, intent)
        if band is None and not known:
            band = 5 # somebody must at least find out who it is
        if band is None:
            return
        queue = queue_of(band, known, intent_alone=status is None and intent == "wants_evacuation" and band == 4
                         and "documents" not in needs)
        if key in self.cases:
            self.cases[key].cry(band, queue, received)
        else:
            self.cases[key] = Case(band, queue, received)

    def order(self, queue):
        """Keys of the open cases of a queue, who needs an answer first coming first."""
        waiting = [(case.band > 1, case.respond_by, key) for key, case in self.cases.items()
                   if case.queue == queue and case.state == "open"]
        return [key for _, _, key in sorted(waiting)]
