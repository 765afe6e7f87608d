"""Put names together in groups, in any order with the same result."""


class Groups:
    """Disjoint groups of names."""

    def __init__(self) -> None:
        """Begin with every name on its own."""
        self._parent: dict[str, str] = {}

    def root(self, name: str) -> str:
        """Return the name that stands for the group of a name."""
        self._parent.setdefault(name, name)
        while self._parent[name] != name:
            self._parent[name] = self._parent[self._parent[name]]
            name = self._parent[name]
        return name

    def join(self, one: str, other: str) -> None:
        """Put two groups together."""
        keep, give = sorted((self.root(one), self.root(other)))
        self._parent[give] = keep
