"""The font table and the theme, two parts a Word file must have.

No text of ours asks the theme for a face: it names the text face for everything, so that even a
paragraph somebody adds later does not come out in a foreign one. The font table names, for
computers without the licensed faces, the ones to take instead.
"""

from __future__ import annotations

from exports.styles import FONT_SETS, Face

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
_INSTEAD = {
    "仿宋_GB2312": "仿宋",
    "楷体_GB2312": "楷体",
    "仿宋": "FangSong",
    "楷体": "KaiTi",
    "黑体": "SimHei",
    "宋体": "SimSun",
    "方正小标宋简体": "方正小标宋_GBK",
}
_COLOURS = (
    ("dk1", "000000"),
    ("lt1", "FFFFFF"),
    ("dk2", "404040"),
    ("lt2", "F2F2F2"),
    ("accent1", "595959"),
    ("accent2", "7F7F7F"),
    ("accent3", "A6A6A6"),
    ("accent4", "BFBFBF"),
    ("accent5", "D9D9D9"),
    ("accent6", "404040"),
    ("hlink", "000000"),
    ("folHlink", "000000"),
)


def font_table(font_set: str) -> bytes:
    """`word/fontTable.xml` of a font set."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{_INSTEAD[name]}"/>'
        '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="default"/></w:font>'
        for name in sorted(set(FONT_SETS[font_set].values()))
    )
    return f'{_HEAD}<w:fonts xmlns:w="{_WORD}">{fonts}</w:fonts>'.encode()


def theme(font_set: str) -> bytes:
    """`word/theme/theme1.xml`: the text face of a font set, greys, nothing else."""
    face = FONT_SETS[font_set][Face.TEXT]
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in _COLOURS
    )
    fonts = "".join(
        f'<a:{kind}><a:latin typeface="{face}"/><a:ea typeface="{face}"/>'
        f'<a:cs typeface="{face}"/></a:{kind}>'
        for kind in ("majorFont", "minorFont")
    )
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="6350">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'{_HEAD}<a:theme xmlns:a="{_DRAWING}" name="公文"><a:themeElements>'
        f'<a:clrScheme name="公文">{colours}</a:clrScheme>'
        f'<a:fontScheme name="公文">{fonts}</a:fontScheme>'
        f'<a:fmtScheme name="公文"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{line * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme>"
        "</a:themeElements></a:theme>"
    ).encode()
