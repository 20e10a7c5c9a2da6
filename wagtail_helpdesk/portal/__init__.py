"""The requesters' pages: an app of its own, which a site may leave out."""
