"""The delivered price on printed numbers: the worked examples 1 to 3 of the design, and what holds for any numbers."""

from __future__ import annotations

import numpy as np
import pytest

from corridors.trade.equation import break_even_freight, delivered

DUTY = 1000 / 70.3
"""Afghan duty on flour in USD per tonne, 2024."""


def test_example_1_flour_to_kabul() -> None:
    flour = delivered(265, 126.5, 15.6, time_pct_day=0.15, duty_usd_t=DUTY)
    assert float(flour.time) == pytest.approx(6.2, abs=0.05)
    assert float(flour.duty) == pytest.approx(14.2, abs=0.05)
    assert float(flour.total) == pytest.approx(411.9, abs=0.05)


def test_example_2_a_pakistani_price_outweighs_the_railway() -> None:
    kazakh = float(delivered(265, 126.5, 15.6, time_pct_day=0.15, duty_usd_t=DUTY).total)
    lahore = {year: float(delivered(price, 62.2, 3.8, time_pct_day=0.15, duty_usd_t=DUTY).total)
              for year, price in ((2024, 369), (2025, 285))}  # fmt: skip
    assert lahore[2024] == pytest.approx(447.7, abs=0.3)  # 447.5 as printed, with rounded parts
    assert lahore[2025] == pytest.approx(363.0, abs=0.1)
    even = {year: float(break_even_freight(126.5, kazakh, rival)) for year, rival in lahore.items()}
    assert even[2024] == pytest.approx(162, abs=0.5)
    assert even[2025] == pytest.approx(77.6, abs=0.1)
    assert even[2025] < 109.5, "with the price of 2025 the railway is not cheap enough"
    assert even[2024] > 126.5, "with that of 2024 there is no need of one"


def test_example_3_the_fertilizer_case_is_afghanistan() -> None:
    def costs(rail: float, sea: float) -> float:
        return float(delivered(564, sea, 0).total - delivered(564, rail, 0).total)

    assert costs(91.9, 23.8 + 40) == pytest.approx(-28.1, abs=0.1), "Lahore, with the Kabul corridor"
    assert costs(86.9, 98.6 + 40) == pytest.approx(51.7, abs=0.1), "Kabul, without any new line"


def test_the_parts_add_up_and_break_even_is_even() -> None:
    random = np.random.default_rng(1)
    p, f, d = random.uniform(100, 1000, 50), random.uniform(10, 200, 50), random.uniform(1, 40, 50)
    share = random.uniform(0.2, 1, 50)
    more = {"time_pct_day": 0.3, "loss_share": 0.02, "rate": 0.1, "duty_usd_t": 7, "export_rate": 0.05}
    own = delivered(p, f, d, freight_to_border=f * share, **more)
    whole = (p + f + p * 0.003 * d) * 1.02 + 0.1 * (p + f * share) + 7 + 0.05 * p
    np.testing.assert_allclose(own.total, whole)
    rival = own.total + random.uniform(-50, 50, 50)
    even = break_even_freight(f, own.total, rival, rate=0.1, loss_share=0.02)
    again = delivered(p, even, d, freight_to_border=f * share + (even - f), **more)
    np.testing.assert_allclose(again.total, rival)


def test_a_subsidy_is_below_zero_and_a_duty_in_percent_grows_with_the_freight_to_the_border() -> None:
    assert float(delivered(200, 50, 0, export_usd_t=-40).total) == pytest.approx(210)
    near, far = (float(delivered(200, 50, 0, rate=0.1, freight_to_border=f).duty) for f in (0, 40))
    assert (near, far) == (pytest.approx(20), pytest.approx(24))
