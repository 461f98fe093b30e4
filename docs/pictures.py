"""Draw the pictures of the README: run by `make pictures`."""

from __future__ import annotations

from pathlib import Path

import corridors as co
from corridors.plot.maps import plot_routes


def main() -> None:
    """Draw the railway to Karachi, today and with the Kabul corridor built."""
    net = co.load()
    options = {"cargo": "container", "modes": {"rail"}}
    routes = {
        "Rail today, by Iran": net.route("Almaty", "Karachi", **options),
        "Rail with the Kabul corridor": net.build("uap-kabul").route("Almaty", "Karachi", **options),
    }
    fig, _ = plot_routes(routes, title="Almaty to Karachi by rail", width_cm=20)
    fig.savefig(Path(__file__).parent / "almaty-karachi.webp", dpi=130, pil_kwargs={"quality": 82})


if __name__ == "__main__":
    main()
