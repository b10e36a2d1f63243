"""Adding, opening and removing the files of a record: the same for every kind of record."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import permitted
from core.forms import FilesForm
from core.uploads import hand_out


def adding(permission, model, page):
    """The view that adds files to a record; ``page`` draws the record with a form that was refused."""

    @require_POST
    @permitted(permission, model)
    def add(request, record):
        form = FilesForm(request.POST, request.FILES)
        if not form.is_valid():
            return page(request, record, files_form=form, status=422)
        form.save_to(record.files, by=request.user)
        messages.success(request, _("The files are stored."))
        return redirect(f"{record.get_absolute_url()}#files")

    return add


def opening(permission, model):
    """The view that hands a kept file out: a photo is shown, everything else is saved."""

    @require_safe
    @permitted(permission, model)
    def open_file(request, kept):
        return hand_out(kept.file, kept.name)

    return open_file


def removing(permission, model):
    """The view that takes an added file away."""

    @require_POST
    @permitted(permission, model)
    def remove(request, kept):
        kept.delete()
        messages.success(request, _("The file is removed."))
        return redirect(f"{kept.record.get_absolute_url()}#files")

    return remove
