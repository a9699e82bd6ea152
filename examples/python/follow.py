"""Follows the voice rooms of a server over server-sent events and prints who comes, goes and moves.

    python3 follow.py https://hub.example voice/613425648685547541/public

What is followed is docs/protocol.md: the rules of a copy are in hub1.py, the connection and its waits are here.
"""

import http.client
import random
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from hub1 import GIVE_UP, Copy, NotHub1, Resync, read_frame

# hi.tick + hi.grace of the socket: longer silence is a lost connection.
SILENCE_MAX_S = 35
HEALTHY_AFTER_S = 10
WAIT_ASKED_MAX_S = 120
# These answers stay what they are until somebody changes something.
FINAL_STATUSES = (400, 403, 404)


def now_ms():
    return int(time.monotonic() * 1000)


def back_off_s(attempt):
    return random.uniform(0, min(20, 0.5 * 2 ** min(attempt, 10)))


def read_events(lines):
    """(event, data, retry) of each block of lines; a field that is not there is None."""
    event, data, retry = None, [], None
    for raw in lines:
        line = raw.decode("utf-8").rstrip("\r\n")
        if line == "":
            if data or retry is not None:
                yield event, "\n".join(data) if data else None, retry
            event, data, retry = None, [], None
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            event = value
        elif field == "data":
            data.append(value)
        elif field == "retry" and value.isdigit():
            retry = int(value) / 1000


def rooms_and_people(entries):
    rooms = {key[2:]: value for key, (value, _) in entries.items() if key.startswith("r:")}
    people = {key[2:]: value for key, (value, _) in entries.items() if key.startswith("u:")}
    return rooms, people


def status_of(copy):
    if not copy.follows:
        return "catching up"
    meta = copy.entries.get("m")
    return meta[0]["source"]["status"] if meta else "no worker has delivered yet"


class Printer:
    """Compares what was shown with what is held: that way a snapshot tells the same as single changes."""

    def __init__(self):
        self._rooms, self._people, self._status, self._has_shown = {}, {}, None, False

    def show(self, copy):
        if copy.follows:
            rooms, people = rooms_and_people(copy.entries)
            if self._has_shown:
                self._show_changes(rooms, people)
            else:
                self._show_all(rooms, people)
            self._rooms, self._people, self._has_shown = rooms, people, True
        status = status_of(copy)
        if status != self._status:
            self._say(f"({status})")
            self._status = status

    def _show_all(self, rooms, people):
        for room_id, room in sorted(rooms.items(), key=lambda item: item[1]["position"]):
            names = sorted(person["name"] for person in people.values() if person["room"] == room_id)
            self._say(f"{room['name']}: {', '.join(names) or 'nobody'}")

    def _show_changes(self, rooms, people):
        def name(room_id):
            room = rooms.get(room_id) or self._rooms.get(room_id)
            return room["name"] if room else "a room that is not shown"

        for user, person in people.items():
            before = self._people.get(user)
            if before is None:
                self._say(f"+ {person['name']} joined {name(person['room'])}")
            elif before["room"] != person["room"]:
                self._say(f"> {person['name']} moved from {name(before['room'])} to {name(person['room'])}")
        for user, person in self._people.items():
            if user not in people:
                self._say(f"- {person['name']} left {name(person['room'])}")

    def _say(self, text):
        print(text, flush=True)


class Refused(Exception):
    pass


class Follower:
    def __init__(self, hub, topic):
        self._url = f"{hub.rstrip('/')}/api/rt/v1/sse?{urllib.parse.urlencode({'topic': topic})}"
        self._copy = Copy(topic)
        self._printer = Printer()
        self._wait_s = None
        self._opened_at_ms = None

    def run(self):
        attempt = 0
        while True:
            self._wait_s = self._opened_at_ms = None
            self._take_stream()
            self._copy.lost()
            self._printer.show(self._copy)
            healthy = self._opened_at_ms is not None and now_ms() - self._opened_at_ms > HEALTHY_AFTER_S * 1000
            attempt = 1 if healthy else attempt + 1
            asked_s = min(self._wait_s or 0, WAIT_ASKED_MAX_S)
            time.sleep(max(asked_s, back_off_s(attempt)))

    def _take_stream(self):
        """Until it ends, by whichever side."""
        headers = {"Accept": "text/event-stream"}
        if self._copy.position is not None:
            e, o = self._copy.position
            headers["Last-Event-ID"] = f"{e}:{o}"
        request = urllib.request.Request(self._url, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=SILENCE_MAX_S) as answer:
                self._opened_at_ms = now_ms()
                self._copy.stream_opened(now_ms())
                for event in read_events(answer):
                    if not self._take_event(*event):
                        return
        except urllib.error.HTTPError as refusal:
            if refusal.code in FINAL_STATUSES:
                raise Refused(refusal.read().decode("utf-8", "replace")) from refusal
            after = refusal.headers.get("Retry-After", "")
            self._wait_s = int(after) if after.isdigit() else None
        except (OSError, http.client.HTTPException, NotHub1, UnicodeDecodeError):
            # Lost, silent for too long, or no hub: the position says where to go on.
            pass

    def _take_event(self, _name, data, retry_s):
        """False: this stream is of no more use."""
        if retry_s is not None:
            self._wait_s = retry_s
        if data is None:
            return True
        for message in read_frame(data):
            ask = self._copy.receive(message, now_ms())
            if ask is GIVE_UP:
                self._wait_s = random.uniform(10, 20)
                self._copy.start_again(now_ms())
            if ask is GIVE_UP or isinstance(ask, Resync):
                # Nothing can be sent here: the next stream begins where the copy stands, or from nothing.
                return False
        self._printer.show(self._copy)
        return True


def main():
    if len(sys.argv) != 3:
        print(__doc__)
        return 64
    try:
        Follower(sys.argv[1], sys.argv[2]).run()
    except Refused as refusal:
        print(f"the hub refuses: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
