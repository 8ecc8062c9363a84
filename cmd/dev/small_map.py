#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""small_map.py: prints lib/page/assets/map_ne.svg, the map that a citizen taps, from lib/page/assets/base_map.json, with the border crossings of
sql/samples/niger_2023_places.csv.

Run by hand when a country is added, never by the build. The edges here are those of the country's row in lib/domain/country_map.c."""
import csv
import json
import math
import pathlib

WIDTH, HEIGHT = 288, 230
WEST, EAST, SOUTH = -0.3, 16.3, 11.3
ACROSS = WIDTH / (EAST - WEST) # pixels a degree
UP = ACROSS * 1.0485 # 1 / cos(17.5 degrees), the middle of Niger
SLACK = 1.0 # pixels that an outline may be off
# Which side of its dot a town's name stands, and by how many pixels it is moved: as few towns as orient.
TOWNS = {"Niamey": ("end", 4, 13), "Agadez": ("start", 5, 4), "Zinder": ("start", 5, -3), "Maradi": ("start", -3, 13), "Tahoua": ("start", 5, 0),
         "Diffa": ("end", -4, -5), "Arlit": ("start", 5, 4), "Bilma": ("start", 5, 4), "Dosso": ("start", 5, 3), "Tillabéri": ("start", 4, -5),
         "Nguigmi": ("end", -2, -6), "Gaya": ("start", 5, 6)}


def pixels(point):
    return round((point[0] - WEST) * ACROSS, 1), round(HEIGHT - (point[1] - SOUTH) * UP, 1)


def away(point, start, end):
    (x, y), (x1, y1), (x2, y2) = point, start, end
    length = math.hypot(x2 - x1, y2 - y1)
    return abs((y2 - y1) * x - (x2 - x1) * y + x2 * y1 - y2 * x1) / length if length else math.hypot(x - x1, y - y1)


def simplified(points):
    """Douglas and Peucker's."""
    if len(points) < 3:
        return points
    farthest = max(range(1, len(points) - 1), key=lambda i: away(points[i], points[0], points[-1]))
    if away(points[farthest], points[0], points[-1]) <= SLACK:
        return [points[0], points[-1]]
    return simplified(points[:farthest + 1])[:-1] + simplified(points[farthest:])


def path(ring):
    points = [pixels(point) for point in ring]
    half = len(points) // 2
    points = (simplified(points[:half + 1])[:-1] + simplified(points[half:]))[:-1]
    steps = [f"l{b[0] - a[0]:.4g} {b[1] - a[1]:.4g}" for a, b in zip(points, points[1:])]
    return (f"M{points[0][0]:g} {points[0][1]:g}" + "".join(steps) + "z").replace(" -", "-")


def outlines(features, kind):
    for feature in features:
        shape = feature["geometry"]
        if feature["properties"]["kind"] == kind and feature["properties"]["country"] == "NE":
            for polygon in shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]:
                yield path(polygon[0])


def crossings():
    lines = [line for line in pathlib.Path("sql/samples/niger_2023_places.csv").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    for row in csv.DictReader(lines):
        if row["kind"] == "crossing":
            x, y = pixels((float(row["longitude"]), float(row["latitude"])))
            yield f"M{x:g} {y - 4:g}l4 4-4 4-4-4z"


def main():
    features = json.loads(pathlib.Path("lib/page/assets/base_map.json").read_text(encoding="utf-8"))["features"]
    dots, names = "", ""
    for feature in features:
        name = feature["properties"]["name"]
        if feature["properties"]["kind"] == "town" and feature["properties"]["country"] == "NE" and name in TOWNS:
            (x, y), (side, right, down) = pixels(feature["geometry"]["coordinates"]), TOWNS[name]
            dots += f"M{x:g} {y:g}h0"
            names += f'<text x="{x + right:g}" y="{y + down:g}"{" text-anchor=" + chr(34) + "end" + chr(34) if side == "end" else ""}>{name}</text>'
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
          f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#dfe6ea"/>'
          f'<path fill="#fff" stroke="#0b0c0c" stroke-width="1.5" d="{"".join(outlines(features, "country"))}"/>'
          f'<path fill="none" stroke="#8a9297" stroke-width=".7" d="{"".join(outlines(features, "region"))}"/>'
          f'<path stroke="#b3141b" stroke-width="6" stroke-linecap="round" d="{dots}"/>'
          f'<path fill="#fff" stroke="#1d4f91" stroke-width="2" d="{"".join(crossings())}"/>'
          f'<g font-family="sans-serif" font-size="11" fill="#0b0c0c">{names}</g></svg>')


main()
