"""Servers on this machine that play CBS's OData v3 and PDOK's feature pages, and fail on command."""
