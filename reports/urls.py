"""The addresses of this app."""

from django.urls import path

from reports.views import chasing, heatmap, home, ledger, months, overview, search, studio_year, trends

urlpatterns = [
    path("", home.home, name="home"),
    path("leader/", home.leader, name="leader"),
    path("overview/", overview.overview_now, name="overview-now"),
    path("overview/<str:period>/", overview.overview_page, name="overview"),
    path("chasing/", chasing.chasing_now, name="chasing-now"),
    path("chasing/<str:month>/", chasing.chasing_grid, name="chasing"),
    path("chasing/<str:month>/letters/", chasing.chasing_letters, name="chasing-letters"),
    path("months/<int:year>/", months.months_grid, name="months"),
    path("months/<int:year>/extend/", months.months_extend, name="months-extend"),
    path("heatmap/", heatmap.heatmap_now, name="heatmap-now"),
    path("heatmap/<int:year>/", heatmap.heatmap, name="heatmap"),
    path("trends/", trends.trends_now, name="trends-now"),
    path("trends/<int:year>/", trends.trends_page, name="trends"),
    path("studios/<int:pk>/plan/<int:year>/strip/", studio_year.plan_strip, name="plan-strip"),
    path("studios/<int:pk>/calendar/<str:month>/", studio_year.calendar, name="studio-calendar"),
    path("search/", search.search, name="search"),
    path("search/palette/", search.search_palette, name="search-palette"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/export/", ledger.ledger_export, name="ledger-export"),
    path("ledger/<int:pk>/", ledger.ledger_check, name="ledger-check"),
    path("ledger/<int:pk>/apply/", ledger.ledger_apply, name="ledger-apply"),
    path("ledger/<int:pk>/throw-away/", ledger.ledger_throw_away, name="ledger-throw-away"),
]
