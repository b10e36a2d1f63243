"""The site with one page more, for measuring: a view that does nothing stands for the cost of the server."""

import os

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import include, path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


@login_not_required
def hello(request):
    return HttpResponse("hello")


application = get_wsgi_application()
urlpatterns = [path("hello", hello), path("", include(settings.ROOT_URLCONF))]
settings.ROOT_URLCONF = __name__
