"""A synthetic district: invented customers with plausible habits, a reader who walks their books
and makes known mistakes, and the truth beside it. Everything follows from the seed.
"""
