#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs every part of the bench, one after the other: `make bench`, or `make bench PART=million` for one or some ("tls idle").

Each part measures Muster beside a peer or a limit in the same run and leaves build/bench/NAME.json. The claims of all parts are printed at
the end, drawn in build/bench/claims.svg, and together in build/bench.json. Status 0 when every claim is met."""
import json
import pathlib
import subprocess
import sys
import time
from xml.sax.saxutils import escape

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FOLDER = ROOT / "build" / "bench"
BAR, ROW, LABEL = 360, 34, 560


def run(names):
    parts = []
    for number, name in enumerate(names, 1):
        print(f"\n[{number} of {len(names)}] {name}", file=sys.stderr, flush=True)
        began = time.monotonic()
        (FOLDER / f"{name}.json").unlink(missing_ok=True)
        status = subprocess.run([HERE / f"part_{name}.py"], stdin=subprocess.DEVNULL, check=False).returncode
        if (FOLDER / f"{name}.json").exists():
            parts.append(json.loads((FOLDER / f"{name}.json").read_text()))
        else:
            parts.append({"name": name, "title": name, "rows": [], "ratios": [
                {"claim": f"{name} ended with status {status} and measured nothing", "value": 0, "at_least": 1, "met": False}]})
        print(f"[{number} of {len(names)}] {name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    return parts


def bound(ratio):
    return ratio.get("at_least", ratio.get("at_most"))


def draw(parts):
    """Each claim as a bar against its bound, which is the line: to the right of it is better, whichever way the claim is put."""
    claims = [(part["name"], ratio) for part in parts for ratio in part["ratios"]]
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{LABEL + BAR + 170}" height="{ROW * len(claims) + 60}" '
             'font-family="sans-serif" font-size="14">', '<rect width="100%" height="100%" fill="white"/>',
             f'<text x="{LABEL + BAR / 2}" y="20" text-anchor="middle" fill="#444">the bound</text>']
    for number, (name, ratio) in enumerate(claims):
        y = 34 + number * ROW
        share = ratio["value"] / bound(ratio) if "at_least" in ratio else bound(ratio) / ratio["value"] if ratio["value"] else 2
        colour = "#1b7f4b" if ratio["met"] else "#b3261e"
        lines.append(f'<text x="8" y="{y + 16}">{escape(name)}: {escape(ratio["claim"][:76])}</text>'
                     f'<rect x="{LABEL}" y="{y + 3}" width="{min(share, 2) * BAR / 2:.1f}" height="18" fill="{colour}"/>'
                     f'<text x="{LABEL + BAR + 10}" y="{y + 16}">{ratio["value"]:.2f} '
                     f'({"at least" if "at_least" in ratio else "at most"} {bound(ratio):g})</text>')
    lines.append(f'<line x1="{LABEL + BAR / 2}" x2="{LABEL + BAR / 2}" y1="26" y2="{34 + ROW * len(claims)}" stroke="#222" stroke-width="2"/></svg>')
    return "\n".join(lines) + "\n"


def main():
    known = sorted(path.stem.removeprefix("part_") for path in HERE.glob("part_*.py"))
    names = sys.argv[1:] or known
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"no such part: {' '.join(unknown)} (there are: {' '.join(known)})")
    FOLDER.mkdir(parents=True, exist_ok=True)
    parts = run(names)
    (ROOT / "build" / "bench.json").write_text(json.dumps({"parts": parts}, indent=2) + "\n")
    (FOLDER / "claims.svg").write_text(draw(parts))
    print("\nclaims")
    for part in parts:
        for ratio in part["ratios"]:
            print(f"  {'met' if ratio['met'] else 'NOT MET':<8}{part['name']}: {ratio['claim']}: {ratio['value']:.2f} "
                  f"({'at least' if 'at_least' in ratio else 'at most'} {bound(ratio):g})")
    sys.exit(0 if all(ratio["met"] for part in parts for ratio in part["ratios"]) else 1)


if __name__ == "__main__":
    main()
