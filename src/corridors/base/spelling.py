"""Spellings: one key for the ways in which Latin and Cyrillic letters write the same name.

Names of the region come in Russian and Tajik letters, in the Latin letters of Uzbek and Turkmen, and in English
transcriptions of several kinds: Достык and Dostyq, Aşgabat and Ashgabat, Qyzylorda and Kyzylorda. Letters and groups of
letters that these ways exchange are one in the key. Vowels that differ (Termez, Termiz) and doubled letters stay apart,
for they may be slips of the pen.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from corridors.base.names import fold

LETTERS: Final = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "j", "з": "z", "и": "i", "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
    "і": "i", "ї": "i", "є": "e", "ў": "o", "қ": "k", "ғ": "g", "ҳ": "h", "һ": "h", "ә": "a", "ө": "o", "ү": "u",
    "ұ": "u", "ң": "n", "ҷ": "j", "ӣ": "i", "ӯ": "u", "ş": "sh", "ș": "sh", "š": "sh", "ç": "ch", "č": "ch", "ž": "j",
    "ý": "i", "ə": "a", "ı": "i",
}  # fmt: skip
"""Letters as they sound, of the Cyrillic alphabets and of Latin ones with marks that change the sound."""

ENDINGS: Final = (("ий", "и"), ("ый", "и"))
"""Two letters of Russian that are one in other languages."""

GROUPS: Final = (
    ("dzh", "j"), ("zh", "j"), ("kh", "h"), ("gh", "g"), ("dj", "j"), ("q", "k"), ("x", "h"), ("iy", "i"), ("y", "i"),
    ("w", "v"), ("'", ""), ("‘", ""), ("’", ""), ("ʻ", ""), ("ʼ", ""), ("`", ""),
)  # fmt: skip
"""Groups of letters that transcriptions exchange, in the order in which they are replaced."""


def sounded(text: str) -> str:
    """Key of a name in Latin or Cyrillic letters; blank for other scripts and for names without letters.

    Parameters
    ----------
    text
        Name as it is written.

    >>> sounded("Достык") == sounded("Dostyq"), sounded("Aşgabat"), sounded("Qyzylorda"), sounded("کابل")
    (True, 'ashgabat', 'kizilorda', '')
    """
    key = unicodedata.normalize("NFC", text).casefold()
    for groups in (ENDINGS, LETTERS.items(), GROUPS):
        for group, one in groups:
            key = key.replace(group, one)
    key = fold(key).replace("-", "")
    return key if key.isascii() and not key.isdigit() else ""
