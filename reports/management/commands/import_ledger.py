"""``manage.py import_ledger FILE --as USERNAME``: bring a ledger workbook in, all of it or nothing.

Exit 0 when it fits (and was applied, unless --dry-run), 2 with every fault named when it does not. The
history names who imported; only where nobody has a login yet does it name nobody.
"""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import User
from reports.ledger.applying import NotPossible, apply, known, plan_import
from reports.ledger.opening import Refused
from reports.ledger.reading import read
from reports.ledger.telling import as_data, as_text, refusal_as_data

FITS, DOES_NOT_FIT = 0, 2


class Command(BaseCommand):
    help = "Import a ledger workbook (.xlsx): exit 0 if it fits, 2 with every fault if not."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the workbook")
        parser.add_argument("--as", dest="username", metavar="USERNAME", help="whose import it is")
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")
        parser.add_argument("--json", action="store_true", help="say it as JSON")

    def handle(self, *, file, username, dry_run, json: bool, **options):
        by = None if dry_run else _person(username)
        try:
            plan = plan_import(read(file, **known()))
            applied = plan.is_possible and not dry_run
            if applied:
                plan = apply(plan, by=by, at=timezone.now())
        except NotPossible as changed_meanwhile:
            plan, applied = changed_meanwhile.plan, False
        except (Refused, OSError) as refused:
            message = str(refused) if isinstance(refused, Refused) else _("The file cannot be opened.")
            self._say(refusal_as_data(message), message, as_json=json)
            sys.exit(DOES_NOT_FIT)
        self._say(as_data(plan, applied=applied), as_text(plan, applied=applied), as_json=json)
        if not plan.is_possible:
            sys.exit(DOES_NOT_FIT)

    def _say(self, data: dict, text: str, *, as_json: bool) -> None:
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) if as_json else text)


def _person(username: str | None) -> User | None:
    """Who imports; None in a house where nobody has a login yet."""
    if not username:
        if User.objects.exists():
            raise CommandError(_("Say who imports, with --as USERNAME; the history names this person."))
        return None
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None or not user.has_perm("reports.import_ledger"):
        raise CommandError(_("“%(name)s” is nobody who may import a ledger.") % {"name": username})
    return user
