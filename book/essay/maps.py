"""World maps in the house style, on an equal-area projection."""

from __future__ import annotations

from functools import cache

import geopandas
import numpy as np
import pandas as pd
import pyproj
import shapely
from matplotlib.axes import Axes
from shapely.geometry import box

from essay import tables
from essay.figures import LAND

# Equal Earth: areas compare truly, shapes stay familiar.
_PROJECTION = "+proj=eqearth"


@cache
def countries() -> geopandas.GeoDataFrame:
    """Return the countries without Antarctica, projected to Equal Earth (metres)."""
    layer = tables.load("countries")
    return layer[layer["iso3"] != "ATA"].to_crs(_PROJECTION)


def project(lon, lat) -> tuple[np.ndarray, np.ndarray]:
    """Project longitudes and latitudes in degrees to the map's metres."""
    transformer = pyproj.Transformer.from_crs("EPSG:4326", _PROJECTION, always_xy=True)
    return transformer.transform(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))


def world(ax: Axes, bounds: tuple[float, float, float, float] = (-150, -56, 178, 78)) -> None:
    """Draw land on `ax`, without borders and with no more detail than its size on the page can show.

    bounds: west, south, east, north in degrees; all but the polar ends when left out.
    """
    west, south, east, north = bounds
    x, y = project([west, east, west, east], [south, south, north, north])
    if north - south > 90:
        # On a world map the equator sets the width.
        x, _ = project([west, east], [0, 0])
    ax.set_xlim(min(x), max(x))
    ax.set_ylim(min(y), max(y))
    ax.set_aspect("equal")
    ax.set_axis_off()
    width = ax.get_figure(root=True).get_size_inches()[0] * ax.get_subplotspec().get_position(ax.figure).width
    point = round((max(x) - min(x)) / (width * 72), -3)
    # Cut a point outside, where its edge is hidden.
    seen = shapely.clip_by_rect(_land(point), min(x) - point, min(y) - point, max(x) + point, max(y) + point)
    geopandas.GeoSeries(seen[~shapely.is_empty(seen)]).plot(ax=ax, color=LAND, edgecolor="none", aspect=None, autolim=False)


@cache
def _land(point: float) -> list[shapely.Polygon]:
    """Return the land for a map on which one point is `point` metres: simplified, specks left out."""
    land = shapely.union_all(shapely.coverage_simplify(countries().geometry.to_numpy(), point))
    return [part for part in shapely.get_parts(land) if part.area > 2 * point**2]


def seen_from(lon: float, lat: float, places: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return how many kilometres east and north of one point each place lies, along the shortest way.

    Azimuthal equidistant: distances and directions from the centre are true. `places` has columns lon and lat.
    """
    return _azimuthal(lon, lat).transform(places["lon"].to_numpy(), places["lat"].to_numpy())


@cache
def _azimuthal(lon: float, lat: float) -> pyproj.Transformer:
    """Return the azimuthal equidistant projection around one point, in kilometres."""
    return pyproj.Transformer.from_crs("EPSG:4326", f"+proj=aeqd +lon_0={lon} +lat_0={lat} +units=km", always_xy=True)


def around(ax: Axes, lon: float, lat: float, reach: float, window: tuple[float, float, float, float] | None = None) -> None:
    """Draw the land within `reach` kilometres of one point, where `seen_from` has its places.

    window: west, east, south and north in kilometres; draws what lies there instead, as finely as a map of `reach`.
    """
    projection = _azimuthal(lon, lat)
    west, east, south, north = window or (-reach, reach, -reach, reach)
    shown = box(west, south, east, north) if window else shapely.Point(0, 0).buffer(reach, quad_segs=64)
    ax.set_xlim(west, east)
    ax.set_ylim(south, north)
    ax.set_aspect("equal")
    ax.set_axis_off()
    point = 2 * reach / (ax.get_figure(root=True).get_size_inches()[0] * 72)
    world = tables.load("countries")
    # Long straight borders bend in this projection, so they get points in between first.
    fine = world[world["iso3"] != "ATA"].geometry.segmentize(2).to_numpy()
    land = shapely.transform(fine, lambda points: np.column_stack(projection.transform(*points.T)))
    land = shapely.union_all(shapely.make_valid(land), grid_size=point / 4).intersection(shown)
    parts = [part for part in shapely.get_parts(land.simplify(point)) if part.area > 2 * point**2]
    geopandas.GeoSeries(parts).plot(ax=ax, color=LAND, edgecolor="none", aspect=None, autolim=False)


def spread(lon, lat, step: float = 0.6) -> tuple[np.ndarray, np.ndarray]:
    """Move points that share a place apart: the second and later go on a ring `step` degrees wide.

    Takes and returns longitudes and latitudes in degrees; points alone at their place stay.
    """
    lon, lat = np.array(lon, dtype=float), np.array(lat, dtype=float)
    seen: dict[tuple[float, float], int] = {}
    for index, place in enumerate(zip(lon.round(1), lat.round(1), strict=True)):
        before = seen.get(place, 0)
        seen[place] = before + 1
        if before:
            turn = np.deg2rad(60 * before)
            lon[index] += step * np.cos(turn)
            lat[index] += step * np.sin(turn)
    return lon, lat
