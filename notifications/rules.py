"""Who may look after what is sent and done in the background. Nothing else grants anything."""

import rules

from members.rules import holds, managers
from notifications.models import LEDGER_READERS

PERMISSIONS = {
    "notifications.see_machine_room": managers,
    "notifications.try_again": managers,
    "notifications.read_ledger": holds(*LEDGER_READERS),
}
for name, predicate in PERMISSIONS.items():
    rules.add_perm(name, predicate)
