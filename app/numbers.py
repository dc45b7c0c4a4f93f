"""How plots, tables, forms and panels write numbers."""

import math

MB = 2**20
"""Bytes of what the studio calls a megabyte."""

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def short(value: float, digits: int = 4) -> str:
    """A number to read off: about `digits` significant digits, thousands separated, powers of ten written out."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    if size == 0:
        return "0"
    if size >= 10**7 or size < 1e-3:
        mantissa, _, exponent = f"{value:.{max(digits - 2, 0)}e}".partition("e")
        if "." in mantissa:
            mantissa = mantissa.rstrip("0").rstrip(".")
        return f"{mantissa}·10{str(int(exponent)).translate(_SUPERSCRIPT)}".replace("-", "−")
    if value == int(value):
        return f"{int(value):,}".replace("-", "−")
    decimals = max(digits - 1 - math.floor(math.log10(size)), 0)
    text = f"{value:,.{decimals}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def power(exponent: int) -> str:
    """A power of ten as an axis prints it."""
    return f"10{str(exponent).translate(_SUPERSCRIPT)}"


def tick(value: float, spacing: float, brief: bool = False) -> str:
    """A mark of a linear axis whose marks are `spacing` apart; ten thousand as 10k, millions as M; `brief`: a thousand as 1k, too."""
    size = abs(value)
    for unit, suffix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if size >= unit and (brief or size >= 1e4 or unit > 1e3):
            return tick(value / unit, spacing / unit) + suffix
    if value != 0 and (size < 1e-3 or spacing < 1e-4):
        return short(value, 3)
    decimals = max(math.ceil(-math.log10(spacing) - 1e-9), 0) if spacing > 0 else 0
    text = f"{value:,.{decimals}f}"
    return (text if float(text.replace(",", "")) else text.lstrip("-")).replace("-", "−")


def exact(value: float) -> str:
    """The shortest text that reads back as the same number: what a form shows for editing."""
    if value == 0:
        return "0"
    text = repr(float(value))
    if "e" not in text and 1e-3 <= abs(value) < 1e7:
        return text.removesuffix(".0")
    for digits in range(17):
        text = f"{value:.{digits}e}"
        if float(text) == value:
            break
    mantissa, _, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}"
