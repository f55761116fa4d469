"""Pure decisions of detection. `shapes` are the rules as data; `unaware` needs nothing else.

`counting`, `alike`, `learning` bring SciPy, datasketch and scikit-learn along: only the worker imports them. `features` and
`guessing` need NumPy, and are all that a web process needs to suggest a category.
"""
