#!/usr/bin/env python3
"""The worker's deliveries taken by plain Python 3.10 or newer. Run it: HUB_SECRET=... python3 receiver.py

Verify the bytes, then read them; commit the events and the cursor in one transaction; only then answer.
`take` is all that matters, and knows nothing of the web server: hand it to Flask, Django or FastAPI as it is.
"""

import base64
import hashlib
import hmac
import json
import os
import sqlite3
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BODY_BYTES_MAX = 1_048_576
REPLAY_WINDOW_S = 300
REPLACED_EPOCHS_MAX = 16

SCHEMA = """
CREATE TABLE IF NOT EXISTS progress (source TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS room (id TEXT PRIMARY KEY, source TEXT NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS visits (room_id TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS person (id TEXT, source TEXT NOT NULL, name TEXT NOT NULL, room_id TEXT NOT NULL, PRIMARY KEY (id, source)) STRICT;
"""


def read_secrets(text: str) -> list[bytes]:
    """One or more, with spaces between: `whsec_` and base64, or plain text of 32 or more characters."""
    keys = []
    for part in text.split():
        is_standard = part.startswith("whsec_")
        keys.append(base64.b64decode(part[6:], validate=True) if is_standard else part.encode())
        if not is_standard and len(part) < 32:
            raise ValueError("HUB_SECRET must be whsec_<base64>, or have 32 or more characters")
    if not keys:
        raise ValueError("HUB_SECRET is empty")
    return keys


def verify(headers, body: bytes, keys: list[bytes], now_s: float) -> str | None:
    """What is wrong with the signature, or None. The time it takes does not tell how much of it was right."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = [entry[3:].encode() for entry in headers.get("webhook-signature", "").split(" ")[:16] if entry.startswith("v1,")]
    if not message_id or not timestamp.isascii() or not timestamp.isdigit():
        return "a webhook header is missing or malformed"
    if abs(now_s - int(timestamp)) > REPLAY_WINDOW_S:
        return "the delivery was signed more than 5 minutes ago or ahead; check both clocks"
    signed = f"{message_id}.{timestamp}.".encode() + body
    wanted = [base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()) for key in keys]
    if not any([hmac.compare_digest(one, other) for one in wanted for other in given]):
        return "no signature matches"
    return None


class Receiver:
    def __init__(self, secrets: str, file: str) -> None:
        self.keys = read_secrets(secrets)
        # One connection and one lock: deliveries of a server come one at a time anyway.
        self.lock = threading.Lock()
        self.database = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self.database.executescript("PRAGMA journal_mode = WAL;" + SCHEMA)

    def take(self, headers, body: bytes) -> tuple[int, dict]:
        problem = verify(headers, body, self.keys, time.time())
        if problem is not None:
            return 401, {"error": problem}
        try:
            delivery = json.loads(body)
        except ValueError as error:
            return 400, {"error": f"no JSON: {error!r}"}
        if isinstance(delivery, dict) and "deliveries" in delivery:
            return 200, {"results": [self._result(one) for one in delivery["deliveries"]]}
        return self._take_one(delivery)

    def _result(self, delivery: dict) -> dict:
        """The answer to one delivery, as a result among others."""
        status, answer = self._take_one(delivery)
        if status not in (200, 409):
            answer = {"refused": {"status": status, "error": answer.get("error")}}
        return {"source": delivery.get("source"), **answer}

    def _take_one(self, delivery: dict) -> tuple[int, dict]:
        try:
            source, epoch, events = str(delivery["source"]), str(delivery["epoch"]), delivery["events"]
            for before, event in zip(events, events[1:]):
                jumps = event["type"] == "events.lost" and event["seq"] > before["seq"]
                if event["seq"] != before["seq"] + 1 and not jumps:
                    return 400, {"error": "events of one delivery follow each other without holes"}
        except (KeyError, TypeError) as error:
            return 400, {"error": f"no delivery: {error!r}"}
        if not events:
            return 200, {"pong": True}
        with self.lock:
            return self._commit(source, epoch, events)

    def rooms(self) -> dict[str, dict]:
        with self.lock:
            query = "SELECT id, name, number FROM room LEFT JOIN visits ON room_id = id ORDER BY position, id"
            rooms = self.database.execute(query).fetchall()
            people = self.database.execute("SELECT name, room_id FROM person ORDER BY name").fetchall()
        inside = {id_: [name for name, room in people if room == id_] for id_, _, _ in rooms}
        return {name: {"visits": number or 0, "people": inside[id_]} for id_, name, number in rooms}

    def _commit(self, source: str, epoch: str, events: list[dict]) -> tuple[int, dict]:
        row = self.database.execute("SELECT text FROM progress WHERE source = ?", (source,)).fetchone()
        before = json.loads(row[0]) if row else {"epoch": "", "seq": 0, "replaced": [], "newest": "", "parts": []}
        is_known = epoch == before["epoch"]
        fresh = [event for event in events if not is_known or event["seq"] > before["seq"]]
        if not fresh:
            return 200, {"acked": before["seq"]}
        told, parts = None, []
        if not source.isdigit():
            # A stream of facts: nothing is skipped but by a record of what is lost, which reaches back.
            lost = fresh[0]["type"] == "events.lost"
            begin = fresh[0]["data"]["from"] if lost else fresh[0]["seq"]
            if is_known and begin > before["seq"] + 1:
                return 409, {"want": "from", "epoch": epoch, "seq": before["seq"]}
            if not is_known and begin != 1 and not lost:
                return 409, {"want": "snapshot"}
            # An app would keep each of these.
            told = fresh
        elif is_known and fresh[0]["seq"] == before["seq"] + 1:
            told, parts = assemble(before["parts"], fresh)
        if told is None:
            # A snapshot replaces everything, so what came before its beginning need not be known.
            begins = [index for index, event in enumerate(fresh) if begins_snapshot(event)]
            fresh = fresh[begins[-1] :] if begins else []
            # An epoch that was left comes back only with a snapshot newer than all that is here.
            is_old = epoch in before["replaced"] and fresh and fresh[0]["timestamp"] <= before["newest"]
            told, parts = assemble([], fresh) if fresh and not is_old else (None, [])
        if told is None:
            return 409, {"want": "snapshot"}
        replaced = [one for one in before["replaced"] if one != epoch]
        if not is_known and before["epoch"]:
            replaced.append(before["epoch"])
        after = {
            "epoch": epoch,
            "seq": fresh[-1]["seq"],
            "replaced": replaced[-REPLACED_EPOCHS_MAX:],
            "newest": max([before["newest"], *(event["timestamp"] for event in fresh)]),
            "parts": parts,
        }
        self.database.execute("BEGIN IMMEDIATE")
        try:
            for event in told:
                self._apply(source, event["type"], event["data"])
            self.database.execute("INSERT OR REPLACE INTO progress VALUES (?, ?)", (source, json.dumps(after)))
            self.database.execute("COMMIT")
        except BaseException:
            self.database.execute("ROLLBACK")
            raise
        return 200, {"acked": after["seq"]}

    def _apply(self, source: str, type_: str, data: dict) -> None:
        run = self.database.execute
        if type_ in ("guild.snapshot", "guild.removed"):
            run("DELETE FROM room WHERE source = ?", (source,))
            run("DELETE FROM person WHERE source = ?", (source,))
        for room in data["rooms"] if type_ == "guild.snapshot" else []:
            run("INSERT OR REPLACE INTO room VALUES (?, ?, ?, ?)", (room["id"], source, room["name"], room["position"]))
        for occupant in data["occupants"] if type_ == "guild.snapshot" else []:
            self._set_person(source, occupant)
        if type_ in ("room.created", "room.updated"):
            room = data["room"]
            run("INSERT OR REPLACE INTO room VALUES (?, ?, ?, ?)", (room["id"], source, room["name"], room["position"]))
        if type_ == "room.deleted":
            run("DELETE FROM room WHERE id = ?", (data["room"]["id"],))
        if type_ == "voice.joined":
            # Told twice, a join would count twice: setting somebody's room again would not show.
            run("INSERT INTO visits VALUES (?, 1) ON CONFLICT DO UPDATE SET number = number + 1", (data["roomId"],))
        if type_ in ("voice.joined", "voice.updated"):
            self._set_person(source, data)
        if type_ == "voice.left":
            run("DELETE FROM person WHERE id = ? AND source = ?", (data["user"]["id"], source))

    def _set_person(self, source: str, occupant: dict) -> None:
        user = occupant["user"]
        values = (user["id"], source, user["name"], occupant["roomId"])
        self.database.execute("INSERT OR REPLACE INTO person VALUES (?, ?, ?, ?)", values)


def begins_snapshot(event: dict) -> bool:
    return event["type"] == "guild.snapshot" or (event["type"] == "snapshot.part" and event["data"]["part"] == 1)


def assemble(kept: list[dict], events: list[dict]) -> tuple[list[dict] | None, list[dict]]:
    """Events with whole snapshots in place of their last parts, and the parts kept now; None: a part is missing."""
    told, parts = [], list(kept)
    for event in events:
        data = event["data"]
        if event["type"] != "snapshot.part":
            if parts:
                return None, []
            told.append(event)
            continue
        if data["part"] == 1:
            parts = []
        elif not parts or (parts[-1]["part"], parts[-1]["parts"]) != (data["part"] - 1, data["parts"]):
            return None, []
        parts.append(data)
        if data["part"] == data["parts"]:
            whole = {key: [one for part in parts for one in part[key]] for key in ("rooms", "occupants")}
            told.append({**event, "type": "guild.snapshot", "data": whole})
            parts = []
    return told, parts


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # A client that sends a byte now and then may not hold a thread for ever.
    timeout = 15
    receiver: Receiver

    def do_POST(self) -> None:
        length = self.headers.get("content-length", "")
        if self.path != "/discord-events":
            self.close_connection = True
            return self._answer(404, {})
        if not length.isdigit() or int(length) > BODY_BYTES_MAX:
            self.close_connection = True
            return self._answer(413, {"error": f"a delivery may have {BODY_BYTES_MAX} bytes"})
        self._answer(*self.receiver.take(self.headers, self.rfile.read(int(length))))

    def do_GET(self) -> None:
        self._answer(*((200, self.receiver.rooms()) if self.path == "/rooms" else (404, {})))

    def _answer(self, status: int, body: dict) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        # From now on the worker may send many streams in one body.
        self.send_header("guildwire-multi", "1")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    Handler.receiver = Receiver(os.environ.get("HUB_SECRET", ""), os.environ.get("ROOMS_FILE", "rooms.sqlite"))
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "4000"))), Handler)
    print("listening", {"port": server.server_address[1]}, flush=True)
    server.serve_forever()
