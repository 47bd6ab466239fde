"""The one error a user can cause."""


class UserError(ValueError):
    """Bad input, said in one line: the thing, its value and the way out.

    The command line prints it and exits with code 2; a page shows it in place of its content.
    """


class NothingShared(UserError):
    """Two models have no images in common."""
