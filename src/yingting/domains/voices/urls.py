from django.urls import URLPattern

from yingting.domains.voices.views import campaigns, consultations, orders, suggestions

app_name = "voices"
urlpatterns: list[URLPattern] = [*suggestions.urls, *campaigns.urls, *consultations.urls, *orders.urls]
