"""The tables that the figures are kept in: their columns, types, allowed words, keys and references.

One definition for everything that reads or writes them: :mod:`careleavers.figures.loading` checks ``data/`` against it,
the store keeps uploads in the same columns, and the intake turns an officer's table into them.
"""

from __future__ import annotations

# Each file of data/ that the warehouse holds as a table: its columns and their types. A column whose type is in
# capitals must have a value in every row.
TABLES: dict[str, dict[str, str]] = {
    "indicators": {
        "id": "VARCHAR", "title": "VARCHAR", "short_title": "VARCHAR", "phrase": "VARCHAR",
        "theme": "VARCHAR", "sub_theme": "VARCHAR", "family": "VARCHAR", "adds_up": "varchar", "part_of": "varchar",
        "unit": "VARCHAR", "polarity": "VARCHAR", "decimals": "INTEGER", "headline": "VARCHAR",
        "age_groups": "VARCHAR", "interval": "VARCHAR", "numerator_counts": "VARCHAR",
        "denominator_counts": "varchar", "definition": "VARCHAR", "caveats": "varchar", "source": "VARCHAR",
        "published_every": "VARCHAR", "statutory_return": "varchar", "target": "VARCHAR", "not_known": "varchar",
        "everyday": "varchar",
    },
    "glossary": {"term": "VARCHAR", "group": "VARCHAR", "meaning": "VARCHAR"},
    "sources": {
        "source": "VARCHAR", "title": "VARCHAR", "publisher": "VARCHAR", "release": "VARCHAR", "covers": "varchar",
        "published": "VARCHAR", "next_release": "varchar", "due_by": "date", "licence": "VARCHAR", "url": "varchar",
        "rounding": "varchar",
    },
    "source_names": {"source": "VARCHAR", "short_title": "VARCHAR"},
    "authorities": {
        "authority_code": "VARCHAR", "authority_name": "VARCHAR", "department_code": "VARCHAR",
        "region_code": "VARCHAR", "region": "VARCHAR", "sub_region_code": "varchar", "sub_region": "varchar",
        "opened": "DATE", "closed": "date", "tile_column": "integer", "tile_row": "integer",
    },
    "authority_names": {"name": "VARCHAR", "authority_code": "VARCHAR"},
    "districts": {
        "district_code": "VARCHAR", "district_name": "VARCHAR", "authority_code": "VARCHAR", "opened": "date",
        "closed": "date",
    },
    "district_successors": {"district_code": "VARCHAR", "authority_code": "VARCHAR"},
    "regions": {"region_code": "VARCHAR", "region": "VARCHAR", "level": "VARCHAR", "parent_code": "varchar"},
    "authority_changes": {
        "kind": "VARCHAR", "old_code": "VARCHAR", "new_code": "varchar", "new_name": "varchar", "date": "DATE",
        "note": "varchar",
    },
    "neighbours": {
        "authority_code": "VARCHAR", "place": "INTEGER", "neighbour_code": "VARCHAR", "closeness": "VARCHAR",
    },
    "joint_returns": {
        "joint_code": "VARCHAR", "authority_code": "VARCHAR", "joint_name": "VARCHAR", "theme": "VARCHAR",
    },
    "inspections": {
        "authority_code": "VARCHAR", "kind": "VARCHAR", "inspection_type": "VARCHAR", "inspection_date": "date",
        "end_date": "date", "publication_date": "date", "overall_effectiveness": "varchar", "leaders": "varchar",
        "help_and_protection": "varchar", "children_in_care": "varchar", "care_leavers": "varchar",
        "theme": "varchar", "note": "varchar", "source": "VARCHAR", "release": "varchar", "report_url": "varchar",
    },
    "question_rules": {
        "id": "VARCHAR", "place": "INTEGER", "condition": "VARCHAR", "topic": "VARCHAR", "indicator": "varchar",
        "beside": "varchar", "most": "INTEGER", "glance": "VARCHAR", "wording_high": "varchar", "wording_low": "varchar",
        "wording_other": "varchar",
    },
    "question_words": {
        "indicator": "VARCHAR", "who": "varchar", "verb": "varchar", "what": "varchar", "instead": "varchar",
    },
    "authority_groups": {
        "group_id": "VARCHAR", "group_name": "VARCHAR", "authority_code": "VARCHAR", "source": "VARCHAR",
    },
}  # fmt: skip
OBSERVATION = {
    "indicator": "VARCHAR", "age_group": "VARCHAR", "area_code": "VARCHAR", "period_end": "DATE",
    "frequency": "VARCHAR", "basis": "VARCHAR", "layer": "VARCHAR", "numerator": "double", "denominator": "double",
    "value": "double", "published_value": "double", "status": "VARCHAR", "source": "VARCHAR", "release": "VARCHAR",
}  # fmt: skip
TABLES["superseded"] = {**OBSERVATION, "superseded_by": "VARCHAR"}
# What a version adds to the published figures: see Warehouse.with_local.
LOCAL_TABLES = {
    "given": {**OBSERVATION, "target": "double", "restated": "BOOLEAN", "rounded": "double"},
    "catalogue": TABLES["indicators"],
    "events": TABLES["inspections"],
    "sources_added": TABLES["sources"],
}
# What a typed column may hold.
ALLOWED = {
    "theme": ("outcome", "enabler", "context"),
    "unit": ("percent", "count", "ratio", "per_10000", "pounds"),
    "polarity": ("high", "low", "neutral"),
    "interval": ("wilson", "none"),
    "published_every": ("year", "quarter"),
    "frequency": ("year", "quarter", "snapshot"),
    "basis": ("full_year", "quarter", "year_to_date", "rolling_12m", "snapshot"),
    "layer": ("published", "provisional", "final"),
    "status": ("ok", "c", "x", "z", "k", "low", "u", "incomplete", "missing"),
}
ALLOWED_IN = {
    "indicators": ("theme", "unit", "polarity", "interval", "published_every"),
    "observations": ("frequency", "basis", "layer", "status"),
}
# What no two rows of a file may share, and the columns whose codes another file must have.
KEYS = {
    "indicators": (("id",),),
    "glossary": (("term",),),
    "sources": (("source", "release"),),
    "source_names": (("source",),),
    "authorities": (("authority_code",), ("authority_name",), ("department_code",)),
    "authority_names": (("name",),),
    "districts": (("district_code",),),
    "district_successors": (("district_code",),),
    "regions": (("region_code",),),
    "neighbours": (("authority_code", "place"), ("authority_code", "neighbour_code")),
    "joint_returns": (("joint_code", "authority_code"),),
    "question_rules": (("id",),),
    "question_words": (("indicator",),),
    "authority_groups": (("group_id", "authority_code"),),
}
REFERENCES = {
    ("indicators", "source"): "sources.source",
    ("source_names", "source"): "sources.source",
    ("indicators", "not_known"): "indicators.id",
    ("authorities", "region_code"): "regions.region_code",
    ("authority_names", "authority_code"): "authorities.authority_code",
    ("districts", "authority_code"): "authorities.authority_code",
    ("district_successors", "district_code"): "districts.district_code",
    ("district_successors", "authority_code"): "authorities.authority_code",
    ("neighbours", "authority_code"): "authorities.authority_code",
    ("neighbours", "neighbour_code"): "authorities.authority_code",
    ("joint_returns", "authority_code"): "authorities.authority_code",
    ("inspections", "authority_code"): "authorities.authority_code",
    ("question_rules", "indicator"): "indicators.id",
    ("question_rules", "beside"): "indicators.id",
    ("question_words", "indicator"): "indicators.id",
    ("authority_groups", "authority_code"): "authorities.authority_code",
}
