"""Payment codes and collection files. Pure bytes and text."""
