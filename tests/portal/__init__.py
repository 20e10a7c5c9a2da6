"""Tests of the visitors' pages."""
