"""The views that people see: one home tab each and the modals that are open."""

import copy
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.slack.errors import Json, SlackError


@dataclass
class Modal:
    """A modal in front of `user`; `view` is its present state, as Slack shows it to the app."""

    user: str
    view: Json
    is_open: bool = True


def name_blocks(blocks: list[Json], new_id: Callable[[str], str]) -> list[Json]:
    """A copy of the blocks in which each has a block_id, as Slack stores them."""
    named = copy.deepcopy(blocks)
    for block in named:
        block.setdefault("block_id", new_id("")[:5])
    return named


class Views:
    def __init__(self, new_id: Callable[[str], str], app: Json) -> None:
        self._new_id = new_id
        self._app = app
        self.homes: dict[str, Json] = {}
        self.modals: dict[str, Modal] = {}

    def publish(self, user: str, view: Json, given_hash: str | None) -> Json:
        """Show a home view; a hash that is not the present one is refused, as somebody else was faster."""
        present = self.homes.get(user)
        if given_hash is not None and (present is None or present["hash"] != given_hash):
            raise SlackError("hash_conflict")
        self.homes[user] = self._stored(view, present)
        return self.homes[user]

    def open(self, user: str, view: Json, above: Json | None = None) -> Json:
        stored = self._stored(view, None)
        if above is not None:
            stored |= {"previous_view_id": above["id"], "root_view_id": above["root_view_id"]}
        self.modals[stored["id"]] = Modal(user, stored)
        return stored

    def update(self, view_id: str | None, external_id: str | None, view: Json, given_hash: str | None) -> Json:
        modal = self._find(view_id, external_id)
        if given_hash is not None and modal.view["hash"] != given_hash:
            raise SlackError("hash_conflict")
        modal.view = self._stored(view, modal.view)
        return modal.view

    def close(self, view_id: str) -> None:
        self.modals[view_id].is_open = False

    def close_all(self, user: str) -> None:
        for modal in self.open_modals(user):
            modal.is_open = False

    def open_modals(self, user: str) -> list[Modal]:
        """The modals in front of a person, the topmost last."""
        return [modal for modal in self.modals.values() if modal.user == user and modal.is_open]

    def _find(self, view_id: str | None, external_id: str | None) -> Modal:
        for modal in self.modals.values():
            same = modal.view["id"] == view_id or modal.view["external_id"] == external_id != ""
            if modal.is_open and same:
                return modal
        raise SlackError("not_found")

    def _stored(self, view: Json, present: Json | None) -> Json:
        """The full view object: what the app sent, with everything that Slack adds."""
        view_id = self._new_id("V") if present is None else present["id"]
        defaults: Json = {
            "callback_id": "",
            "private_metadata": "",
            "external_id": "",
            "close": None,
            "submit": None,
            "clear_on_close": False,
            "notify_on_close": False,
            "previous_view_id": None,
            "root_view_id": view_id,
        }
        place = {} if present is None else {k: present[k] for k in ("previous_view_id", "root_view_id")}
        stored: Json = {
            "id": view_id,
            "hash": self._new_id(""),
            "state": {"values": {}},
            "blocks": name_blocks(view["blocks"], self._new_id),
        }
        return {**defaults, **self._app, **copy.deepcopy(view), **place, **stored}
