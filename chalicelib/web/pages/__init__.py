"""One page and its deeds a module. A page takes a `Visit` and gives a `Page`; a deed mostly a `Go`."""
