"""World countries for maps: one feature a country, simplified to what a world map needs."""

import io
import json

import geopandas
import shapely

import _raw

# Degrees. At 720 pixels a world map shows half a degree a pixel; borders keep their shape well below that.
TOLERANCE = 0.15


def build() -> str:
    """Return GeoJSON text: outlines simplified together, coordinates rounded to two decimals."""
    raw = geopandas.read_file(io.BytesIO(_raw.read("natural-earth/ne_50m_admin_0_countries.geojson.gz")))
    # A dependency that shares its sovereign's code would make the code ambiguous.
    raw = raw[~raw["ADM0_A3"].isin(["IOA", "ATC"])]
    code = [
        "XKX" if own == "KOS" else None if iso == "-99" else iso
        for own, iso in zip(raw["ADM0_A3"], raw["ISO_A3_EH"], strict=True)
    ]
    outlines = shapely.coverage_simplify(raw.geometry.to_numpy(), TOLERANCE)
    outlines = shapely.set_precision(outlines, 0.01)
    features = [
        {
            "type": "Feature",
            "properties": {
                "iso3": iso3,
                "name": name,
                "continent": continent,
                "region": region,
                "label_lon": round(float(x), 2),
                "label_lat": round(float(y), 2),
            },
            "geometry": json.loads(shapely.to_geojson(outline)),
        }
        for iso3, name, continent, region, x, y, outline in zip(
            code, raw["NAME"], raw["CONTINENT"], raw["REGION_UN"], raw["LABEL_X"], raw["LABEL_Y"], outlines, strict=True
        )
        if not outline.is_empty
    ]
    features.sort(key=lambda feature: (feature["properties"]["iso3"] or "~", feature["properties"]["name"]))
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    return '{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n"
