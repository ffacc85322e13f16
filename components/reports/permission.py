"""What an author permits to be done with a manuscript, as its editor notes it."""

from dataclasses import asdict, dataclass

from components.store import UserStore


@dataclass(frozen=True, slots=True)
class Permission:
    """Who gave it, when (a date in ISO 8601) and for what; empty where not noted."""

    given_by: str
    given_on: str
    purpose: str

    @property
    def line(self) -> str:
        """All of it, as one line."""
        given = ", ".join(filter(None, (self.given_by, self.given_on)))
        return ": ".join(filter(None, (given, self.purpose)))


def permission_of(shelf: UserStore, manuscript_id: str) -> Permission | None:
    """Return what was noted last for a manuscript; None where nothing is. Raises: StoreError."""
    match shelf.preferences.get(f"permission-{manuscript_id}"):
        case {"given_by": str(given_by), "given_on": str(given_on), "purpose": str(purpose)}:
            return Permission(given_by, given_on, purpose)
        case _:
            return None


def note_permission(shelf: UserStore, manuscript_id: str, permission: Permission | None) -> None:
    """Note the permission for a manuscript, or that there is none. Raises: StoreError.

    It goes for good with the manuscript.
    """
    noted = permission if permission is None else asdict(permission)
    shelf.preferences.put(f"permission-{manuscript_id}", noted)
