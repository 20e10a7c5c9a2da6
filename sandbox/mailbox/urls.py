"""URLs of the mailbox."""

from django.urls import path

from sandbox.mailbox import views

app_name = "mailbox"

urlpatterns = [
    path("", views.index, name="index"),
    path("write/", views.compose, name="compose"),
    path("upload/", views.upload, name="upload"),
    path("news/", views.news, name="news"),
    path("mail/<int:pk>/", views.detail, name="detail"),
    path("mail/<int:pk>/html/", views.html_part, name="html"),
    path("mail/<int:pk>/source/", views.source, name="source"),
    path("mail/<int:pk>/part/<int:index>/", views.part, name="part"),
    path("mail/<int:pk>/bounce/", views.bounce, name="bounce"),
    path("mail/<int:pk>/away/", views.out_of_office, name="out_of_office"),
    path("mail/<int:pk>/again/", views.deliver_again, name="deliver_again"),
]
