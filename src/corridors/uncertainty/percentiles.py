"""Figures of many draws, taken as they come: exact while the draws fit, from histograms beyond."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

KEEP_BYTES = 400_000_000
"""Draws that take up to so much memory are kept, and percentiles are exact."""

BINS = 2048
"""Bins of a histogram."""


class Reduction:
    """Mean and percentiles of an array of numbers, draw by draw.

    The draws are kept, and percentiles are exact, if all of them take at most `KEEP_BYTES`. Otherwise each cell gets a
    histogram of `BINS` bins over three times the range of the first chunk, and a percentile is off by at most one bin,
    which is 1/682 of that range. (What lies outside is counted in the outermost bins.) Memory is then flat in the
    number of draws. A cell that is infinite in one draw is so in all.
    """

    def __init__(self, draws: int, shape: tuple[int, ...]) -> None:
        self.shape, self.draws = shape, 0
        self.exact = draws * int(np.prod(shape)) * 8 <= KEEP_BYTES
        self._chunks: list[Floats] = []
        self._sum = np.zeros(shape)
        self._below = np.zeros(shape, dtype=np.int64)
        self._counts: NDArray[np.uint32] | None = None

    @staticmethod
    def nbytes(draws: int, cells: int) -> int:
        """Bytes that a reduction of so many cells takes."""
        exact = draws * cells * 8
        return exact if exact <= KEEP_BYTES else 4 * BINS * cells

    def add(self, chunk: Floats) -> None:
        """Take in draws: draws by the shape of the cells."""
        self.draws += len(chunk)
        self._sum += chunk.sum(axis=0)
        self._below += (chunk < 0).sum(axis=0)
        if self.exact:
            self._chunks.append(chunk)
            return
        if self._counts is None:
            self._counts = self._new_counts(chunk)
        with np.errstate(invalid="ignore"):
            place = np.clip(np.nan_to_num((chunk - self._origin) / self._width), 0, BINS - 1).astype(np.int64)
        for draw in place.reshape(len(chunk), -1):
            self._counts[np.arange(len(draw)), draw] += 1

    def _new_counts(self, chunk: Floats) -> NDArray[np.uint32]:
        """Place the bins around the first chunk."""
        least, most = chunk.min(axis=0), chunk.max(axis=0)
        finite = np.isfinite(least) & np.isfinite(most)
        with np.errstate(invalid="ignore"):
            spread = np.where(finite, np.maximum(most - least, 1e-9), 1.0)
        self._origin, self._width = np.where(finite, least - spread, np.nan), 3 * spread / BINS
        return np.zeros((int(np.prod(self.shape)), BINS), dtype=np.uint32)

    @property
    def samples(self) -> Floats:
        """The draws, if they are kept: draws by the shape of the cells."""
        return np.concatenate(self._chunks) if self._chunks else np.zeros((0, *self.shape))

    @property
    def mean(self) -> Floats:
        """Mean of the draws."""
        return self._sum / max(1, self.draws)

    @property
    def share_below_zero(self) -> Floats:
        """Share of the draws below zero."""
        return self._below / max(1, self.draws)

    def percentiles(self, percents: Sequence[float]) -> Floats:
        """Percentiles: percents by the shape of the cells."""
        if self._counts is None:
            # cell by cell, so that what is sorted lies side by side in memory
            by_cell = np.ascontiguousarray(self.samples.reshape(self.draws, -1).T)
            found = np.repeat(by_cell[None, :, 0], len(percents), axis=0)
            finite = np.isfinite(by_cell[:, 0]) & (by_cell.min(axis=1) < by_cell.max(axis=1))
            found[:, finite] = np.percentile(by_cell[finite], percents, axis=1, overwrite_input=True)
            return found.reshape(len(percents), *self.shape)
        total = np.cumsum(self._counts, axis=1)
        found = np.empty((len(percents), total.shape[0]))
        for row, percent in enumerate(percents):
            rank = percent / 100 * (self.draws - 1) + 1
            bins = (total < rank).sum(axis=1)
            found[row] = self._origin.ravel() + (bins + 0.5) * self._width.ravel()
        return np.where(np.isfinite(self._origin), found.reshape(len(percents), *self.shape), self.mean)
