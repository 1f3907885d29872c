"""What officers upload: read as it comes, understood, checked, previewed. Nothing here writes or shows anything.

``sheets`` turns the bytes of a file into cells, ``reading`` turns cells into figures in the project's words, ``checks``
holds them against the rules and against what is held already, ``preview`` says what accepting them would change.
"""
