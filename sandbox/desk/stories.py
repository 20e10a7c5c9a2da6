"""All stories that the demo tells."""

from sandbox.desk import stories_building, stories_general, stories_it

STORIES = (
    *stories_general.STORIES,
    *stories_it.STORIES,
    *stories_building.STORIES,
)
