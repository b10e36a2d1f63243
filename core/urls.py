"""The addresses of this app."""

from django.urls import path

from core import days, list_views, meanwhile, offline, views

urlpatterns = [
    path("meanwhile/", meanwhile.meanwhile, name="meanwhile"),
    path("days/", days.days, name="days"),
    path("theme/", views.theme, name="theme"),
    path("offline/", offline.offline, name="offline"),
    path("sw.js", offline.service_worker, name="service-worker"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("lists/<slug:name>/views/", list_views.view_save, name="list-view-save"),
    path("lists/<slug:name>/columns/", list_views.columns, name="list-columns"),
    path("lists/views/<int:pk>/delete/", list_views.view_delete, name="list-view-delete"),
    path("undo/<uuid:pk>/", views.take_back, name="undo"),
    path("styleguide/", views.styleguide, name="styleguide"),
]
