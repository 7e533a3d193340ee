"""What waits, taken in turn: owners take turns, and so do the requests (or the jobs) of each."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Collection, Hashable
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Rota(Generic[Item]):
    """Items in the order in which they come up; false when there is none."""

    def __init__(self) -> None:
        self._owners: OrderedDict[str, OrderedDict[Hashable, deque[Item]]] = OrderedDict()

    def __bool__(self) -> bool:
        return bool(self._owners)

    def __len__(self) -> int:
        return sum(len(items) for requests in self._owners.values() for items in requests.values())

    def put(self, owner: str, request: Hashable, item: Item) -> None:
        """Behind all that the request has; owners and requests that have nothing yet come last."""
        self._owners.setdefault(owner, OrderedDict()).setdefault(request, deque()).append(item)

    def take(self) -> Item:
        """The next one; its owner, and its request among the owner's, come last then.

        Raises:
            KeyError: there is none.
        """
        owner, requests = self._owners.popitem(last=False)
        request, items = requests.popitem(last=False)
        item = items.popleft()
        if items:
            requests[request] = items
        if requests:
            self._owners[owner] = requests
        return item

    def remove(self, owner: str, request: Hashable, item: Item) -> None:
        """It comes up no more, if it still waited."""
        requests = self._owners.get(owner, OrderedDict())
        items = requests.get(request, deque())
        if item in items:
            items.remove(item)
        if requests and not items:
            requests.pop(request, None)
        if not requests:
            self._owners.pop(owner, None)

    def requests_of(self, owner: str) -> Collection[Hashable]:
        """Those of which something waits."""
        return self._owners.get(owner, {}).keys()

    def drain(self) -> list[Item]:
        """Everything, each request's together; nothing waits any more."""
        old, self._owners = self._owners, OrderedDict()
        return [item for requests in old.values() for items in requests.values() for item in items]
