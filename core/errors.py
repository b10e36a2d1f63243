"""What can go wrong in a way that a person can be told."""

from django.utils.translation import gettext_lazy as _


class NotAllowedNow(Exception):
    """The state has changed meanwhile, so that what was asked for cannot be done any more.

    ``str()`` is a sentence for the person in front of the screen.
    """

    sentence = _(
        "This is not possible any more: somebody has changed it meanwhile. Here is how it stands now."
    )

    def __init__(self, sentence=None):
        super().__init__(sentence or self.sentence)

    def __str__(self):
        return str(self.args[0])
