"""The addresses of this app."""

from django.urls import path

from care.views import own, work, workers

urlpatterns = [
    path("care/", own.care, name="care"),
    path("care/consent/", own.care_consent, name="care-consent"),
    path("care/records/<int:pk>/delete/", own.care_record_delete, name="care-record-delete"),
    path("care/people/", work.care_people, name="care-people"),
    path("care/people/<int:pk>/", work.care_person, name="care-person"),
    path("care/workers/", workers.care_workers, name="care-workers"),
    path("care/workers/<int:pk>/end/", workers.care_worker_end, name="care-worker-end"),
]
