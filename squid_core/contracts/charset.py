"""In which characters text is read whose file does not say so, or says so wrongly."""

from __future__ import annotations

from enum import StrEnum


class Charset(StrEnum):
    """The default character set that a user may choose; the values are those of `--charset` and of the settings."""

    AUTOMATIC = "auto"
    GBK = "gbk"
    BIG5 = "big5"
    SHIFT_JIS = "shift-jis"
    EUC_KR = "euc-kr"
    CYRILLIC = "windows-1251"
    WESTERN = "western"
