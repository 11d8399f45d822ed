"""What the spelling net can name: classes of shapes, not letters.

A Cyrillic letter that looks like a Latin letter or a digit shares its class (В is B, З is 3); the grammar of the
country says which is meant. The order is that of the net's channels and of assets/models/spell.txt.
"""

DIGITS = "0123456789"
LATIN = DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CYRILLIC = "БГДЖИЛӨПУФЦЧШЭЮЯЬЫ"
CHINESE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼挂学警"
CLASSES = LATIN + CYRILLIC + CHINESE

SAME_SHAPE = {
    "А": "A", "В": "B", "Е": "E", "З": "3", "К": "K", "М": "M", "Н": "H", "О": "O", "Р": "P", "С": "C", "Т": "T",
    "Х": "X", "Ү": "Y",
}  # fmt: skip

INDEX = {c: i for i, c in enumerate(CLASSES)} | {c: CLASSES.index(s) for c, s in SAME_SHAPE.items()}
