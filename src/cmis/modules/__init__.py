"""Floor 4: Django apps in one direction of dependency.

Other code imports a module's ``queries`` (read), ``operations`` (write) and the frozen types they
return; ``models`` are private to the module.
"""
