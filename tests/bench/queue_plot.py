# SPDX-License-Identifier: Apache-2.0
"""Latency by percentile, one line a size, as a self-contained SVG: four panels, step by who."""
import math
from xml.sax.saxutils import escape

WIDE, HIGH, LEFT, TOP, GAP = 420, 260, 70, 70, 90
SHARES = (0.0, 0.5, 0.9, 0.99, 0.999)
COLOURS = ("#1f5fa8", "#c2541b", "#3b7d3b")
DASHES = ("", "", "6 4")
STEPS = (("list", "reading the head"), ("claim", "claiming"))


def place(share):
    """How far to the right: each further nine takes as much room as the one before."""
    return min(1.0, -math.log10(max(1 - share, 1e-3)) / 3) * WIDE


def height(milliseconds, low, high):
    return HIGH - (math.log10(max(milliseconds, low)) - math.log10(low)) / (math.log10(high) - math.log10(low)) * HIGH


def curve(latencies, low, high):
    points = []
    for i in range(301):
        share = 1 - 10 ** (-3 * i / 300)
        value = latencies[min(len(latencies) - 1, int(share * len(latencies)))] / 1e3
        points.append(f"{place(share):.1f},{height(value, low, high):.1f}")
    return " ".join(points)


def panel(found, who, step, title, low, high):
    lines = [f'<text x="0" y="-10" font-weight="bold">{escape(title)}</text>', f'<rect width="{WIDE}" height="{HIGH}" fill="none" stroke="#999"/>']
    for share in SHARES:
        x = place(share)
        label = "fastest" if share == 0 else f"p{share * 100:g}"
        lines.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{HIGH}" stroke="#ddd"/>'
                     f'<text x="{x:.1f}" y="{HIGH + 18}" text-anchor="middle" fill="#444">{label}</text>')
    for tick in (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000):
        if low <= tick <= high:
            y = height(tick, low, high)
            lines.append(f'<line x1="0" x2="{WIDE}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
                         f'<text x="-8" y="{y + 4:.1f}" text-anchor="end" fill="#444">{tick:g} ms</text>')
    for number, one in enumerate(found.values()):
        lines.append(f'<polyline fill="none" stroke="{COLOURS[number]}" stroke-width="2" stroke-dasharray="{DASHES[number]}" '
                     f'points="{curve(one[who]["latencies"][step], low, high)}"/>')
    return "\n".join(lines)


def draw(found, who_words):
    every = [value for one in found.values() for who in who_words for step, _ in STEPS for value in
             (one[who]["latencies"][step][0], one[who]["latencies"][step][int(0.999 * len(one[who]["latencies"][step]))])]
    low, high = min(every) / 1e3 * 0.8, max(every) / 1e3 * 1.25
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + 2 * WIDE + GAP + 30}" height="{TOP + 2 * HIGH + GAP + 60}" '
             'font-family="sans-serif" font-size="13">', '<rect width="100%" height="100%" fill="white"/>']
    for number, name in enumerate(found):
        x = LEFT + number * 270
        lines.append(f'<line x1="{x}" x2="{x + 34}" y1="22" y2="22" stroke="{COLOURS[number]}" stroke-width="3" stroke-dasharray="{DASHES[number]}"/>'
                     f'<text x="{x + 42}" y="26">{escape(name)}</text>')
    for row, (step, doing) in enumerate(STEPS):
        for column, (who, words) in enumerate(who_words.items()):
            lines.append(f'<g transform="translate({LEFT + column * (WIDE + GAP)},{TOP + row * (HIGH + GAP)})">'
                         f'{panel(found, who, step, f"{doing}, {words}", low, high)}</g>')
    return "\n".join([*lines, "</svg>"]) + "\n"
