"""A copy of one topic of hub/1, by the rules of docs/protocol.md. No socket, no clock: messages and times are given in.

    copy = Copy("voice/613425648685547541/public")
    ask = copy.receive(message, now_ms)       # None, Resync(...) or GIVE_UP
    copy.lost()                               # the connection is gone
    copy.entries                              # {key: (value, revision)}
"""

import json
from dataclasses import dataclass

ANSWER_MS = 5_000
ASKS_MAX = 5
ASKS_WINDOW_MS = 10_000
SAFE_MAX = 2**53 - 1


def h32(text):
    h = 0x811C9DC5
    for byte in text.encode("utf-8"):
        h = ((h ^ byte) * 0x01000193) & 0xFFFFFFFF
    h = ((h ^ (h >> 16)) * 0x85EBCA6B) & 0xFFFFFFFF
    h = ((h ^ (h >> 13)) * 0xC2B2AE35) & 0xFFFFFFFF
    return h ^ (h >> 16)


def digest_of(entries):
    """Of (key, revision) pairs."""
    return sum(h32(f"{key}\n{rev}") for key, rev in entries) & 0xFFFFFFFF


def is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool) and -SAFE_MAX <= value <= SAFE_MAX


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_text(value):
    return isinstance(value, str)


def is_flag(value):
    return isinstance(value, bool)


def is_list(value):
    return isinstance(value, list)


FIELDS = {
    "hi": {"id": is_number, "v": is_number, "now": is_number, "tick": is_number, "grace": is_number},
    "subd": {"id": is_number, "topic": is_text, "e": is_text, "o": is_number, "how": is_text},
    "snap": {
        "topic": is_text, "e": is_text, "o": is_number, "page": is_number,
        "last": is_flag, "dg": is_number, "s": is_list,
    },
    "d": {"topic": is_text, "f": is_number, "o": is_number, "at": is_number, "ops": is_list},
    "tick": {"topic": is_text, "o": is_number, "dg": is_number},
    "ping": {},
    "unsubd": {"topic": is_text, "code": is_number},
    "err": {"id": is_number, "code": is_text, "retry": is_flag},
    "bye": {"code": is_number, "after": is_number, "spread": is_number},
}


class NotHub1(Exception):
    """The frame is not hub/1: close the connection and come back."""


def read_frame(text):
    """The known messages of a frame, in order."""
    try:
        frame = json.loads(text)
    except ValueError as problem:
        raise NotHub1("no JSON") from problem
    messages = []
    for message in frame if isinstance(frame, list) else [frame]:
        if not isinstance(message, dict) or not isinstance(message.get("t"), str):
            raise NotHub1("no message")
        fields = FIELDS.get(message["t"])
        if fields is None:
            continue
        if not all(name in message and check(message[name]) for name, check in fields.items()):
            raise NotHub1(f"a field of `{message['t']}` is missing or wrong")
        messages.append(message)
    return messages


@dataclass(frozen=True)
class Resync:
    why: str
    position: tuple | None
    digest: int


GIVE_UP = "give up for 10 to 20 s, then start_again()"


def with_ops(entries, ops, offset):
    """All ops applied, or None when one of them is of no known form."""
    result = dict(entries)
    for op in ops:
        if op == ["c"]:
            result.clear()
        elif not isinstance(op, list) or len(op) < 2 or not is_text(op[1]):
            return None
        elif op[0] == "d":
            result.pop(op[1], None)
        elif op[0] == "s" and len(op) in (3, 4) and is_whole(op[3] if len(op) == 4 else offset):
            result[op[1]] = (op[2], op[3] if len(op) == 4 else offset)
        else:
            return None
    return result


class Copy:
    def __init__(self, topic):
        self.topic = topic
        self.position = None
        self.entries = {}
        # detached, catching_up, paging, following, asking, stuck
        self.state = "detached"
        self._since_ms = 0
        self._catch_up_to = 0
        self._pages = []
        self._asked_ms = []

    @property
    def follows(self):
        return self.state == "following"

    @property
    def digest(self):
        # Kept up to date entry by entry this would cost nothing; a list of rooms is small.
        return digest_of((key, rev) for key, (_, rev) in self.entries.items())

    def lost(self):
        self.state = "detached"

    def stream_opened(self, now_ms):
        """Server-sent events have no `subd`: the first event says whether this copy was continued."""
        if self.state != "stuck":
            self._become("catching_up", now_ms)
            self._catch_up_to = 0

    def start_again(self, now_ms):
        self.position = None
        self._asked_ms = []
        return self._ask("paused", now_ms)

    def receive(self, message, now_ms):
        if message.get("topic") != self.topic or self.state == "stuck":
            return None
        handle = {"subd": self._on_subd, "snap": self._on_snap, "d": self._on_d, "tick": self._on_tick}
        return handle[message["t"]](message, now_ms) if message["t"] in handle else None

    def _on_subd(self, message, now_ms):
        e, o = message["e"], message["o"]
        if message["how"] == "snapshot":
            self._pages = []
            self._void_unless(e)
            self._become("paging", now_ms)
            return None
        if self.position is None or self.position[0] != e or self.position[1] > o:
            return self._ask("gap", now_ms, forget=True)
        self._catch_up_to = o
        self._become("following" if self.position[1] == o else "catching_up", now_ms)
        return None

    def _on_snap(self, message, now_ms):
        e, o, page = message["e"], message["o"], message["page"]
        if self.position is not None and self.position[0] == e and o < self.position[1]:
            return None
        pages = self._pages if self.state == "paging" and page > 1 else []
        is_next = page == len(pages) + 1 and all((p["e"], p["o"]) == (e, o) for p in pages)
        if not is_next:
            return None if self._is_awaiting(now_ms) else self._ask("gap", now_ms)
        if not all(
            isinstance(entry, list) and len(entry) >= 3 and is_text(entry[0]) and is_whole(entry[2])
            for entry in message["s"]
        ):
            return self._ask("reducer", now_ms, forget=True)
        if page == 1:
            self._become("paging", now_ms)
        self._pages = [*pages, message]
        if not message["last"]:
            self._void_unless(e)
            return None
        entries = {entry[0]: (entry[1], entry[2]) for one in self._pages for entry in one["s"]}
        if digest_of((key, rev) for key, (_, rev) in entries.items()) != message["dg"]:
            return self._ask("digest", now_ms, forget=True)
        self.entries = entries
        self.position = (e, o)
        self._become("following", now_ms)
        return None

    def _on_d(self, message, now_ms):
        f, o = message["f"], message["o"]
        if self.state == "detached":
            return None
        if self.position is not None and o <= self.position[1]:
            return None
        if self.position is None or self.position[1] < f:
            return None if self._is_awaiting(now_ms) else self._ask("gap", now_ms)
        entries = with_ops(self.entries, message["ops"], o)
        if entries is None:
            return self._ask("reducer", now_ms, forget=True)
        self.entries = entries
        self.position = (self.position[0], o)
        if self.state == "following":
            self._asked_ms = []
        elif self.state == "asking" or (self.state == "catching_up" and o >= self._catch_up_to):
            self._become("following", now_ms)
        return None

    def _on_tick(self, message, now_ms):
        agrees = (
            self.position is not None
            and message["o"] == self.position[1]
            and message["dg"] == self.digest
        )
        if self.state == "catching_up" and agrees and self.position[1] >= self._catch_up_to:
            self._become("following", now_ms)
        if self._is_awaiting(now_ms):
            return None
        if self.state != "following" or self.position is None or message["o"] != self.position[1]:
            return self._ask("gap", now_ms)
        if not agrees:
            return self._ask("digest", now_ms, forget=True)
        self._asked_ms = []
        return None

    def _void_unless(self, epoch):
        """Deltas name no epoch: from the first word of another one on, they do not join on here."""
        if self.position is not None and self.position[0] != epoch:
            self.position = None

    def _become(self, state, now_ms):
        self.state = state
        self._since_ms = now_ms

    def _is_awaiting(self, now_ms):
        awaits = self.state in ("asking", "paging", "catching_up")
        return awaits and now_ms - self._since_ms < ANSWER_MS

    def _ask(self, why, now_ms, forget=False):
        if forget:
            self.position = None
        recent = [at for at in self._asked_ms if now_ms - at < ASKS_WINDOW_MS]
        if len(recent) >= ASKS_MAX:
            self.position = None
            self.state = "stuck"
            return GIVE_UP
        self._asked_ms = [*recent, now_ms]
        self._become("asking", now_ms)
        return Resync(why, self.position, self.digest)
