"""How tests/golden/claims.csv was made: worked out from the department's files with pandas, scipy and statsmodels alone.

    python tests/golden/claims.py FOLDER > tests/golden/claims.csv

FOLDER holds the publisher's releases as published (cla_2022, cla_2024, cla_2025, neighbours_2025). Nothing of the
product is called. The rules are those of the Definitions page: Wilson's interval against England's published
percentage and against the plain mean of the neighbours, for a base of 50 or more; not known comes first; a figure whose base is hidden is
compared with nothing; changes over one, two and five years by the two-proportion test with Holm's correction.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint, proportions_ztest

AUTHORITIES = {
    "Hampshire": "850", "Cumberland": "942", "Leeds": "383", "City of London": "201", "Isles of Scilly": "420",
    "West Northamptonshire": "941", "Reading": "870", "Nottingham": "892",
}  # fmt: skip
FILES = {
    "activity": ("la_care_leavers_activity.csv", "Total", {
        "eet": "Total in education, employment or training", "neet": "Total not in education, employment or training",
        "activity_not_known": "Total information not known"}),
    "accommodation": ("la_care_leavers_accommodation_suitability.csv", ("Total", "Suitability total"), {
        "suitable_accommodation": "Accommodation considered suitable",
        "unsuitable_accommodation": ("Accommodation considered unsuitable", "Accommodation considered not suitable"),
        "accommodation_not_known": "No information"}),
    "staying put": ("la_care_leavers_stayput.csv",
        "Young people who ceased to be looked after in a foster placement on their 18th birthday and were eligible for "
        "care leavers support", {"staying_put": "Total living with former foster carers in the current year"}),
}  # fmt: skip
LOW = {"neet", "activity_not_known", "unsuitable_accommodation", "accommodation_not_known"}
NOT_KNOWN = {"eet": "activity_not_known", "neet": "activity_not_known",
             "suitable_accommodation": "accommodation_not_known", "unsuitable_accommodation": "accommodation_not_known"}  # fmt: skip
FAR = {"201", "420"}  # every neighbour is "Not close"


def numbers(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column.str.replace(",", ""), errors="coerce")


def read(folder: Path, name: str, base: object, labels: dict[str, object]) -> pd.DataFrame:
    """One row per area, age, year and measure: count, base, percentage. The newest release of a year wins."""
    frames = []
    for release in (2025, 2024, 2022):
        path = folder / f"cla_{release}" / name
        if not path.exists():
            continue
        raw = pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)
        age, label, count, percent = raw.columns[10:14]
        raw["age"] = raw[age].str.replace("Aged ", "").str.replace(" years", "").str.replace(" to ", "-")
        raw["area"] = raw["old_la_code"].where(raw["geographic_level"] == "Local authority", raw["region_code"])
        raw.loc[raw["geographic_level"] == "National", "area"] = "England"
        key = ["area", "age", "time_period"]
        wanted = raw[label].isin([base] if isinstance(base, str) else list(base))
        bases = numbers(raw[wanted].drop_duplicates(key).set_index(key)[count])
        for measure, words in labels.items():
            rows = raw[raw[label].isin([words] if isinstance(words, str) else list(words))].drop_duplicates(key)
            part = rows[[*key, "geographic_level", "region_code"]].copy()
            part["measure"] = measure
            part["count"] = numbers(rows[count])
            # “k” is a percentage that rounds to zero and is not zero.
            part["percent"] = numbers(rows[percent].replace("k", "0"))
            part["base"] = bases.reindex(pd.MultiIndex.from_frame(part[key])).to_numpy()
            part["release"] = release
            frames.append(part)
    found = pd.concat(frames)
    newest = found.groupby("time_period")["release"].transform("max") == found["release"]
    found = found[newest].copy()
    found["year"] = found["time_period"].astype(int)
    exact = 100 * found["count"] / found["base"]
    found["value"] = exact.where((found["geographic_level"] == "Local authority") & exact.notna(), found["percent"])
    # A row without a percentage is suppressed or has no young people, whatever its other columns say.
    found.loc[found["percent"].isna(), "value"] = np.nan
    return found.set_index(["measure", "age", "year", "area"]).sort_index()


def verdict(row: pd.Series, comparator: float, low: bool) -> str:
    if np.isnan(row["value"]) or np.isnan(row["base"]) or np.isnan(comparator):
        return ""
    # One or two people decide the figure of a small group.
    if row["base"] < 50:
        return "similar"
    lower, upper = (100 * x for x in proportion_confint(row["count"], row["base"], method="wilson"))
    if lower <= comparator <= upper:
        return "similar"
    return "better" if (lower > comparator) != low else "worse"


def main(folder: Path) -> None:
    found = pd.concat([read(folder, *about) for about in FILES.values()]).sort_index()
    wide = pd.read_csv(folder / "neighbours_2025" / "sn_model_2025_wide.csv", dtype=str, encoding="utf-8-sig")
    neighbours = {r["old_la_code"]: [r[f"SN_{i}"].strip() for i in range(1, 11)] for _, r in wide.iterrows()}

    def at(measure: str, age: str, year: int, area: str) -> pd.Series | None:
        key = (measure, age, year, area)
        return found.loc[key] if key in found.index else None

    def judged(measure: str, age: str, year: int, area: str) -> dict[str, str]:
        row = at(measure, age, year, area)
        if row is None:
            return {"england": "", "region": "", "neighbours": ""}
        # Inner and Outer London are parts of the region London.
        region = "E12000007" if str(row["region_code"]).startswith("E13") else row["region_code"]
        national, regional = at(measure, age, year, "England"), at(measure, age, year, region)
        near = [at(measure, age, year, code) for code in neighbours.get(area, [])]
        values = [r["value"] for r in near if r is not None and not np.isnan(r["value"])]
        mean = float(np.mean(values)) if len(values) >= 5 and area not in FAR else np.nan
        return {
            word: verdict(row, comparator, measure in LOW)
            for word, comparator in (
                ("england", np.nan if national is None else national["value"]),
                ("region", np.nan if regional is None else regional["value"]),
                ("neighbours", mean),
            )
        }

    def unknown(measure: str, age: str, year: int, area: str) -> tuple[float, dict[str, bool]]:
        """The share not known, and the comparators against which it comes first."""
        row = at(NOT_KNOWN[measure], age, year, area) if measure in NOT_KNOWN else None
        if row is None or np.isnan(row["value"]) or np.isnan(row["base"]):
            return np.nan, dict.fromkeys(("england", "region", "neighbours"), False)
        worse = judged(NOT_KNOWN[measure], age, year, area)
        return row["value"], {who: row["value"] > 10 or said == "worse" for who, said in worse.items()}

    rows = []
    for measure, age in found.index.droplevel(["year", "area"]).unique():
        year = 2024 if measure == "staying_put" else 2025
        cell = found.loc[(measure, age, year)]
        cell = cell[cell["geographic_level"] == "Local authority"]
        counted = cell[cell["value"].notna() & cell["base"].notna()]
        ranks = counted["value"].rank(method="min", ascending=measure in LOW)
        for name, area in AUTHORITIES.items():
            if area not in cell.index:
                continue
            own = cell.loc[area]
            hidden = bool(not np.isnan(own["value"]) and np.isnan(own["base"]))
            share, first = unknown(measure, age, year, area)
            low_is_no_merit = measure in LOW and any(first.values())
            said = judged(measure, age, year, area)
            for who in said:
                if measure in LOW and first[who] and said[who] != "worse":
                    said[who] = ""
            tests = {}
            for back in (1, 2, 5):
                before = at(measure, age, year - back, area)
                if before is not None and not np.isnan(own["value"] + own["base"] + before["value"] + before["base"]):
                    _, p = proportions_ztest([own["count"], before["count"]], [own["base"], before["base"]])
                    both = own["count"] + before["count"]
                    tests[back] = (
                        1.0 if both in (0, own["base"] + before["base"]) else p,
                        own["value"] - before["value"],
                    )
            clear = multipletests([p for p, _ in tests.values()], method="holm")[0] if tests else []
            moves = {}
            for (back, (_, size)), is_clear in zip(tests.items(), clear, strict=True):
                better = (size > 0) != (measure in LOW)
                moves[back] = (round(size, 6), "no_clear_change" if not is_clear else "better" if better else "worse")
            # Whether a fall is called better also depends on those not known: see the tests.
            rows.append({
                "authority": name, "indicator": measure, "age_group": age, "year": year,
                "numerator": own["count"], "denominator": own["base"], "value": round(own["value"], 6),
                "base_hidden": hidden, "not_known_share": round(share, 6), "low_is_no_merit": low_is_no_merit,
                "rank": None if area not in ranks.index or low_is_no_merit else int(ranks[area]),
                "of": len(counted), **{f"verdict_{who}": word for who, word in said.items()},
                **{f"change_{back}": moves.get(back, (None, ""))[0] for back in (1, 2, 5)},
                **{f"change_{back}_test": moves.get(back, (None, ""))[1] for back in (1, 2, 5)},
            })  # fmt: skip
    pd.DataFrame(rows).to_csv(sys.stdout, index=False, lineterminator="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
