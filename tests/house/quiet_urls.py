"""The addresses; "not found" and "not allowed" are said without drawing a page: the walk asks often."""

from django.http import HttpResponse

from config.urls import urlpatterns  # noqa: F401 - they are the same


def handler403(request, exception):
    return HttpResponse(status=403)


def handler404(request, exception):
    return HttpResponse(status=404)
