"""Draw docs/impulse/*.svg from the figures of cells.py (--json): error against perfect association, recall and
precision, ellipse coverage.

    pictures.py FIGURES.json OUT_FOLDER
"""
import json
import os
import sys

NAMES = {"r10_f100": "10/min, 100 %", "r60_f100": "60/min, 100 %", "r200_f200": "200/min, 200 %", "r600_f20": "600/min, 20 %",
         "w60_f100": "wind, 60/min, 100 %", "e60_f100": "sound speed, 60/min, 100 %"}
LEFT, WIDTH, ROW, TOP = 210, 420, 34, 56


def page(title, note, names, low, high, ticks, band, series):
    """One dot plot as SVG text. series: list of (label, mark, values by row); band: None or (from, to)."""
    height = TOP + ROW * len(names) + 62
    def x(v):
        return LEFT + WIDTH * (v - low) / (high - low)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 40} {height}" font-family="sans-serif" '
           f'font-size="13" fill="#222"><title>{title}</title><rect width="100%" height="100%" fill="#fff"/>',
           f'<text x="12" y="22" font-size="15" font-weight="bold">{title}</text><text x="12" y="41" fill="#555">{note}</text>']
    bottom = TOP + ROW * len(names)
    if band:
        out.append(f'<rect x="{x(band[0]):.1f}" y="{TOP}" width="{x(band[1]) - x(band[0]):.1f}" height="{bottom - TOP}" fill="#e8eef5"/>')
    for tick in ticks:
        out.append(f'<line x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="{TOP}" y2="{bottom}" stroke="#ccc"/>'
                   f'<text x="{x(tick):.1f}" y="{bottom + 17}" text-anchor="middle" fill="#555">{tick:g}</text>')
    for row, name in enumerate(names):
        y = TOP + ROW * (row + 0.5)
        out.append(f'<text x="{LEFT - 10}" y="{y + 4}" text-anchor="end">{name}</text>')
        for _, mark, values in series:
            cx = x(values[row])
            out.append(f'<circle cx="{cx:.1f}" cy="{y}" r="5.5" fill="#222"/>' if mark == "full"
                       else f'<circle cx="{cx:.1f}" cy="{y}" r="5.5" fill="#fff" stroke="#222" stroke-width="1.8"/>' if mark == "ring"
                       else f'<path d="M{cx - 5:.1f} {y - 7}L{cx - 5:.1f} {y + 7}M{cx - 5:.1f} {y}L{cx + 5:.1f} {y}" stroke="#06c" stroke-width="2"/>')
    at = 12
    for label, mark, _ in series:
        y = bottom + 42
        out.append(f'<circle cx="{at + 6}" cy="{y - 4}" r="5.5" fill="{"#222" if mark == "full" else "#fff"}" stroke="#222"/>'
                   f'<text x="{at + 18}" y="{y}">{label}</text>')
        at += 30 + 7.2 * len(label)
    return "\n".join(out) + "\n</svg>\n"


def main():
    with open(sys.argv[1]) as file:
        rows = json.load(file)
    folder = sys.argv[2]
    os.makedirs(folder, exist_ok=True)
    cells = [cell for cell in NAMES if cell in rows]
    names = [NAMES[cell] for cell in cells]
    of = lambda key: [rows[cell][key] for cell in cells]
    seeds = min(of("seeds"))
    pages = {
        "error.svg": page("Median error of place, metres", f"{seeds} held-out seeds a case; events/min per 100 km, false detections",
                          names, 0, 12, range(0, 13, 2), None,
                          [("perfect association (crlb.py)", "ring", of("oracle_median_m")), ("impulse", "full", of("median_m"))]),
        "error95.svg": page("95 % point of the error of place, metres", f"{seeds} held-out seeds a case", names, 0, 30, range(0, 31, 5), None,
                            [("perfect association (crlb.py)", "ring", of("oracle_p95_m")), ("impulse", "full", of("p95_m"))]),
        "recall.svg": page("Recall and precision", f"{seeds} held-out seeds a case", names, 0.97, 1.0, [0.97, 0.98, 0.99, 1.0], None,
                           [("recall", "full", of("recall")), ("precision", "ring", of("precision"))]),
        "ellipse.svg": page("Share of true places inside the 95 % ellipse", "band: 93 to 97 %", names, 0.9, 1.0,
                            [0.9, 0.92, 0.94, 0.96, 0.98, 1.0], (0.93, 0.97), [("impulse", "full", of("ellipse95"))]),
    }
    for name, text in pages.items():
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)
        print(os.path.join(folder, name))


if __name__ == "__main__":
    main()
