"""The search in the masthead: from plain words to the measure, authority or page meant."""
