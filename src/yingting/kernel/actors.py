"""Who acts: a person, a paired device, a customer with the secret of a ticket, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    """Kinds of actor, as stored in the journal."""

    PERSON = "person"
    DEVICE = "device"
    CUSTOMER = "customer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor with what it may do where.

    `label` is what the journal keeps beside the id: a staff number or a device name, never a person's name.
    `grants` holds (permission, path of the unit it covers); a path covers itself and everything below it.
    """

    kind: ActorKind
    id: UUID | None
    label: str
    grants: frozenset[tuple[str, str]] = frozenset()

    @property
    def person(self) -> UUID | None:
        """The person who acts; None for devices, customers and the system."""
        return self.id if self.kind is ActorKind.PERSON else None

    def may(self, permission: str, path: str) -> bool:
        """Is the permission granted on this path or on one above it?

        >>> clerk = Actor(ActorKind.PERSON, None, "1001", frozenset({("queue.serve", "GD/GZ/TH/")}))
        >>> clerk.may("queue.serve", "GD/GZ/TH/H01/"), clerk.may("queue.serve", "GD/GZ/YX/")
        (True, False)
        """
        if self.kind is ActorKind.SYSTEM:
            return True
        return any(granted == permission and path.startswith(prefix) for granted, prefix in self.grants)

    def paths(self, permission: str) -> tuple[str, ...]:
        """Return the paths on which the permission is granted, shortest first, none inside another."""
        if self.kind is ActorKind.SYSTEM:
            return ("",)
        roots: list[str] = []
        for prefix in sorted(prefix for granted, prefix in self.grants if granted == permission):
            if not any(prefix.startswith(root) for root in roots):
                roots.append(prefix)
        return tuple(roots)


SYSTEM = Actor(ActorKind.SYSTEM, None, "system")
