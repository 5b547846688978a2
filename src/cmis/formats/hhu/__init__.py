"""Reading-book files of handhelds (HHU): the XML in all its variants, and verdicts on its rows.

``codec`` reads, ``writer`` writes, ``register_row`` and ``exchange_fields`` give rows English names
and take them back, ``price_string`` reads price strings, ``verdicts`` judges what came back.
"""
