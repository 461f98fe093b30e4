"""Vector lanes: the four inner loops of the kernel, emitted as LLVM vectors by numba.

A number of the kernel is a *cell*: `planes` vectors of 64 bytes, one column of weights per lane. The first plane
holds what is minimized; a second one holds a measure that is carried along the best way. Arrays are flat, a cell is
addressed by the index of its first element. `planes` is a tuple with as many entries as there are planes, so that
their number is known when code is emitted.

Plain loops of numba do not become vector code here, because the compiler cannot prove that the arrays differ. LLVM
splits the vectors where registers are narrower, so this is not bound to one processor.

When this module is changed, remove the kernel's files from `__pycache__` (`*.nbi`, `*.nbc`): numba looks only at the
module of a compiled function to tell whether what it kept is still valid.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

WIDTH_BYTES = 64
"""Size of a vector: 16 columns of float32, 8 of float64."""

Value = Any
"""An LLVM value."""


class _Emitter:
    """Emits loads, additions and minima of cells."""

    def __init__(self, context: Any, builder: Any, planes: int) -> None:
        self.context, self.builder, self.planes = context, builder, planes

    def array(self, array_type: Any, value: Value) -> Value:
        """Pointer to the data of an array."""
        return self.context.make_array(array_type)(self.context, self.builder, value).data

    def integer(self, pointer: Value, index: Value) -> Value:
        """Load an index as int64."""
        loaded = self.builder.load(self.builder.gep(pointer, [index]))
        return self.builder.sext(loaded, ir.IntType(64))

    def constant(self, value: int) -> Value:
        """Constant of type int64."""
        return ir.Constant(ir.IntType(64), value)

    def step(self, array_type: Any) -> int:
        """Return the number of elements of a vector."""
        return WIDTH_BYTES * 8 // int(array_type.dtype.bitwidth)

    def places(self, array_type: Any, value: Value, index: Value) -> list[Value]:
        """Pointers to the vectors of a cell."""
        element = self.context.get_value_type(array_type.dtype)
        vector = ir.VectorType(element, self.step(array_type)).as_pointer()
        data = self.array(array_type, value)
        found = []
        for plane in range(self.planes):
            at = self.builder.add(index, self.constant(plane * self.step(array_type)))
            found.append(self.builder.bitcast(self.builder.gep(data, [at]), vector))
        return found

    def load(self, places: list[Value]) -> list[Value]:
        """Load a cell."""
        loaded = []
        for place in places:
            value = self.builder.load(place)
            value.align = 4
            loaded.append(value)
        return loaded

    def lower(self, places: list[Value], new: list[Value]) -> None:
        """Replace a cell where the new one is smaller in its first plane.

        LLVM would write only the lanes that change, which takes some processors ten times as long (AMD before 2022). A
        minimum cannot be written so, nor can a choice between the new number and a sum, be it with zero.
        """
        old = self.load(places)
        if self.planes == 1:
            self.builder.store(self.least(new[0], old[0]), places[0]).align = 4
            return
        less, zero = self.builder.fcmp_ordered("<", new[0], old[0]), self.spread(old[0].type, old[0].type.element(0.0))
        for place, one, other in zip(places, new, old, strict=True):
            self.builder.store(self.builder.select(less, one, self.builder.fadd(other, zero)), place).align = 4

    def least(self, one: Value, other: Value) -> Value:
        """Minimum of two vectors that hold numbers only."""
        vector = one.type
        bits = 32 if isinstance(vector.element, ir.FloatType) else 64
        kind = ir.FunctionType(vector, [vector, vector])
        name = f"llvm.minnum.v{vector.count}f{bits}"
        function = cgutils.get_or_insert_function(self.builder.module, kind, name)
        return self.builder.call(function, [one, other], fastmath=("nnan",))

    def add(self, one: list[Value], other: list[Value]) -> list[Value]:
        """Add two cells."""
        return [self.builder.fadd(a, b) for a, b in zip(one, other, strict=True)]

    def spread(self, vector: Any, value: Value) -> Value:
        """Vector that holds a number in every lane."""
        empty = ir.Constant(vector, ir.Undefined)
        single = self.builder.insert_element(empty, value, ir.Constant(ir.IntType(32), 0))
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), vector.count), None)
        return self.builder.shuffle_vector(single, empty, zeros)

    def times(self, count: Value, body: Callable[[Value], None]) -> None:
        """Repeat for every number below a count."""
        with cgutils.for_range(self.builder, count, intp=ir.IntType(64)) as loop:
            body(loop.index)


@intrinsic
def copy(typing: Any, into: Any, at: Any, given: Any, where: Any) -> Any:
    """Copy a vector."""

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Value:
        e = _Emitter(context, builder, 1)
        found = e.load(e.places(signature.args[2], values[2], values[3]))
        place = e.places(signature.args[0], values[0], values[1])[0]
        builder.store(found[0], place).align = 4
        return context.get_dummy_value()

    return types.void(into, types.int64, given, types.int64), emit


@intrinsic
def lower(typing: Any, planes: Any, into: Any, at: Any, given: Any, where: Any) -> Any:
    """Replace a cell of `into` by one of `given` where that is smaller."""

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Value:
        e = _Emitter(context, builder, planes.count)
        new = e.load(e.places(signature.args[3], values[3], values[4]))
        e.lower(e.places(signature.args[1], values[1], values[2]), new)
        return context.get_dummy_value()

    return types.void(planes, into, types.int64, given, types.int64), emit


@intrinsic
def relax_row(typing: Any, planes: Any, cells: Any, first: Any, count: Any, target: Any, begin: Any) -> Any:
    """Relax the triangles of an arc with the `count` arcs behind it at the same node.

    An arc is two cells, up and down. From the lower node v lead arcs to x (at `first`) and to y (behind it): the arc
    from x to y gets down(x) + up(y), and back down(y) + up(x).
    """

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Value:
        e = _Emitter(context, builder, planes.count)
        _, array, index, number, targets, start = values
        kind = signature.args[1]
        cell = e.constant(e.planes * e.step(kind))
        arc = e.constant(2 * e.planes * e.step(kind))
        up, down = (e.load(e.places(kind, array, at)) for at in (index, builder.add(index, cell)))
        target_data = e.array(signature.args[4], targets)

        def body(turn: Value) -> None:
            other = builder.add(index, builder.mul(builder.add(turn, e.constant(1)), arc))
            hit = builder.mul(e.integer(target_data, builder.add(start, turn)), arc)
            other_up = e.load(e.places(kind, array, other))
            other_down = e.load(e.places(kind, array, builder.add(other, cell)))
            e.lower(e.places(kind, array, hit), e.add(down, other_up))
            e.lower(e.places(kind, array, builder.add(hit, cell)), e.add(other_down, up))

        e.times(number, body)
        return context.get_dummy_value()

    return types.void(planes, cells, types.int64, types.int64, target, types.int64), emit


@intrinsic
def relax_label(
    typing: Any, planes: Any, labels: Any, row: Any, at: Any, cells: Any, first: Any, count: Any, depth: Any, begin: Any
) -> Any:
    """Carry the label of a node (at `at`) over its arcs to the nodes above, whose labels lie in `row` by depth."""

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Value:
        e = _Emitter(context, builder, planes.count)
        _, label, base, here, array, index, number, depths, start = values
        kind, arcs = signature.args[1], signature.args[4]
        cell = e.constant(e.planes * e.step(kind))
        arc = e.constant(2 * e.planes * e.step(kind))
        own = e.load(e.places(kind, label, here))
        depth_data = e.array(signature.args[7], depths)

        def body(turn: Value) -> None:
            weight = e.load(e.places(arcs, array, builder.add(index, builder.mul(turn, arc))))
            to = builder.add(base, builder.mul(e.integer(depth_data, builder.add(start, turn)), cell))
            e.lower(e.places(kind, label, to), e.add(own, weight))

        e.times(number, body)
        return context.get_dummy_value()

    index = types.int64
    return types.void(planes, labels, index, index, cells, index, index, depth, index), emit


@intrinsic
def meet(typing: Any, planes: Any, found: Any, one: Any, at: Any, other: Any, where: Any, count: Any) -> Any:
    """Lower the first cell of `found` to the least sum of two runs of `count` labels."""

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Value:
        e = _Emitter(context, builder, planes.count)
        _, best, first, begin, second, start, number = values
        kind = signature.args[1]
        cell = e.constant(e.planes * e.step(kind))
        places = e.places(kind, best, e.constant(0))

        def body(turn: Value) -> None:
            shift = builder.mul(turn, cell)
            here = e.load(e.places(kind, first, builder.add(begin, shift)))
            there = e.load(e.places(kind, second, builder.add(start, shift)))
            e.lower(places, e.add(here, there))

        e.times(number, body)
        return context.get_dummy_value()

    index = types.int64
    return types.void(planes, found, one, index, other, index, index), emit


@intrinsic
def combine(typing: Any, into: Any, at: Any, share: Any, factor: Any, begin: Any, end: Any, given: Any, row: Any,
            first: Any) -> Any:  # fmt: skip
    """Set a vector to the sum of shares (from `begin` to `end`) of rows of factors, from column `first` on."""

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Value:
        e = _Emitter(context, builder, 1)
        target, index, shares, factors, start, stop, table, width, column = values
        kind = signature.args[0]
        share_data, factor_data = e.array(signature.args[2], shares), e.array(signature.args[3], factors)
        place = e.places(kind, target, index)[0]
        vector = place.type.pointee
        total = cgutils.alloca_once_value(builder, ir.Constant(vector, None))

        def body(turn: Value) -> None:
            entry = builder.add(start, turn)
            factor_row = builder.mul(e.integer(factor_data, entry), width)
            numbers = e.load(e.places(signature.args[6], table, builder.add(factor_row, column)))[0]
            one = e.spread(vector, builder.load(builder.gep(share_data, [entry])))
            builder.store(builder.fadd(builder.load(total), builder.fmul(one, numbers)), total)

        e.times(builder.sub(stop, start), body)
        builder.store(builder.load(total), place).align = 4
        return context.get_dummy_value()

    index = types.int64
    return types.void(into, index, share, factor, index, index, given, index, index), emit


@intrinsic
def lower_run(typing: Any, into: Any, at: Any, given: Any, where: Any, plus: Any, count: Any) -> Any:
    """Lower `count` vectors of `into` to those of `given` with a number added."""

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Value:
        e = _Emitter(context, builder, 1)
        array, index, other, begin, number, vectors = values
        kind = signature.args[0]
        step = e.constant(e.step(kind))
        added = e.spread(ir.VectorType(context.get_value_type(kind.dtype), e.step(kind)), number)

        def body(turn: Value) -> None:
            shift = builder.mul(turn, step)
            found = e.load(e.places(signature.args[2], other, builder.add(begin, shift)))
            e.lower(e.places(kind, array, builder.add(index, shift)), e.add(found, [added]))

        e.times(vectors, body)
        return context.get_dummy_value()

    index = types.int64
    return types.void(into, index, given, index, into.dtype, index), emit
