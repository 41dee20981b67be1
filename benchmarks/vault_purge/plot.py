"""Draws the times of benchmarks/vault_purge.py: reads them as JSON from standard input, writes an SVG to the path that it is given."""

import json
import sys

import matplotlib
from matplotlib import pyplot

matplotlib.use("svg")
matplotlib.rcParams |= {"svg.hashsalt": "vault_purge", "svg.fonttype": "none", "font.family": "sans-serif"}


STYLES = {
    "floor": {"color": "black", "linestyle": "--"},
    "backup_vault_purge": {"color": "tab:green", "marker": "o"},
    "counted first": {"color": "tab:olive", "marker": "x"},
    "boto3 loop": {"color": "tab:blue", "marker": "s"},
    "aws CLI loop": {"color": "tab:orange", "marker": "^"},
}

rows = json.load(sys.stdin)
counts = sorted({row["count"] for row in rows})
scenarios = list(dict.fromkeys(row["scenario"] for row in rows))
figure, axes = pyplot.subplots(1, len(scenarios), figsize=(11, 4), sharex=True, sharey=True, layout="constrained")
for axis, scenario in zip(axes, scenarios, strict=True):
    for name, style in STYLES.items():
        found = [row for row in rows if row["scenario"] == scenario and row["name"] == name]
        axis.plot([row["count"] for row in found], [row["seconds"] for row in found], label=name, **style)
        for row in found:
            if row["extrapolated"]:
                axis.plot(row["count"], row["seconds"], marker="^", color="white", markeredgecolor=style["color"], zorder=3)
    axis.set(xscale="log", yscale="log", title=scenario, xlabel="recovery points")
    axis.grid(which="major", alpha=0.3)
    axis.set_xticks(counts, [str(count) for count in counts])
    axis.set_xticks([], minor=True)
axes[0].set_ylabel("seconds")
axes[0].legend(fontsize="small")
axes[-1].text(0.98, 0.03, "hollow: not measured", transform=axes[-1].transAxes, ha="right", fontsize="small")
figure.savefig(sys.argv[1], metadata={"Date": None})
