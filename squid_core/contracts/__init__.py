"""The frozen values that cross every border of the program.

Each is checked once, when it is built; behind the border nobody checks again. What holds arrays is equal to itself
only. Axis order of every array is (row, column); coordinates are pixel centres, so the pixel in row 0, column 0 covers
-0.5 .. 0.5.
"""
