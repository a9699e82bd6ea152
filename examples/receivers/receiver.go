// The worker's deliveries taken by plain Go 1.19 or newer. Run it: HUB_SECRET=... go run receiver.go
//
// Verify the bytes, then read them; commit the events and the cursor together; only then answer. The store is a journal: one
// line per delivery, synced to disk, so that a line that is cut off counts as never written.
package main

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	bodyBytesMax      = 1_048_576
	replayWindowS     = 300
	replacedEpochsMax = 16
)

type Event struct {
	Seq       int64           `json:"seq"`
	Type      string          `json:"type"`
	Timestamp string          `json:"timestamp"`
	Data      json.RawMessage `json:"data"`
}

type Delivery struct {
	Source string  `json:"source"`
	Epoch  string  `json:"epoch"`
	Events []Event `json:"events"`
}

// Progress is how far one source's log has been taken. Parts are those of a snapshot that is not complete yet.
type Progress struct {
	Epoch    string            `json:"epoch"`
	Seq      int64             `json:"seq"`
	Replaced []string          `json:"replaced"`
	Newest   string            `json:"newest"`
	Parts    []json.RawMessage `json:"parts"`
}

// Commit is one line of the journal.
type Commit struct {
	Source   string   `json:"source"`
	Progress Progress `json:"progress"`
	Told     []Event  `json:"told"`
}

type Room struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Position int    `json:"position"`
	Source   string `json:"-"`
}

type Person struct {
	RoomID string `json:"roomId"`
	User   struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"user"`
}

type Receiver struct {
	mutex    sync.Mutex
	keys     [][]byte
	journal  *os.File
	progress map[string]Progress
	rooms    map[string]Room
	visits   map[string]int
	people   map[[2]string]Person
}

func readSecrets(text string) ([][]byte, error) {
	var keys [][]byte
	for _, part := range strings.Fields(text) {
		if strings.HasPrefix(part, "whsec_") {
			key, err := base64.StdEncoding.DecodeString(part[6:])
			if err != nil {
				return nil, errors.New("HUB_SECRET is not base64 behind whsec_")
			}
			keys = append(keys, key)
		} else if len(part) < 32 {
			return nil, errors.New("HUB_SECRET must be whsec_<base64>, or have 32 or more characters")
		} else {
			keys = append(keys, []byte(part))
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("HUB_SECRET is empty")
	}
	return keys, nil
}

func openReceiver(secrets, file string) (*Receiver, error) {
	keys, err := readSecrets(secrets)
	if err != nil {
		return nil, err
	}
	journal, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	receiver := &Receiver{keys: keys, journal: journal, progress: map[string]Progress{}, rooms: map[string]Room{},
		visits: map[string]int{}, people: map[[2]string]Person{}}
	reader, end := bufio.NewReader(journal), int64(0)
	for {
		line, err := reader.ReadBytes('\n')
		var commit Commit
		if err != nil || json.Unmarshal(line, &commit) != nil {
			break
		}
		receiver.apply(commit)
		end += int64(len(line))
	}
	// What is behind the last whole line was never acknowledged.
	if err := journal.Truncate(end); err != nil {
		return nil, err
	}
	_, err = journal.Seek(end, io.SeekStart)
	return receiver, err
}

// verify returns what is wrong with the signature, or nothing. The time it takes does not tell how much of it was right.
func (receiver *Receiver) verify(headers http.Header, body []byte) string {
	id, timestamp := headers.Get("webhook-id"), headers.Get("webhook-timestamp")
	signedAt, err := strconv.ParseInt(timestamp, 10, 64)
	if id == "" || err != nil {
		return "a webhook header is missing or malformed"
	}
	if math.Abs(float64(time.Now().Unix()-signedAt)) > replayWindowS {
		return "the delivery was signed more than 5 minutes ago or ahead; check both clocks"
	}
	matched := false
	for _, key := range receiver.keys {
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%s.", id, timestamp)
		mac.Write(body)
		wanted := []byte("v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)))
		for index, entry := range strings.Split(headers.Get("webhook-signature"), " ") {
			if index < 16 && hmac.Equal(wanted, []byte(entry)) {
				matched = true
			}
		}
	}
	if !matched {
		return "no signature matches"
	}
	return ""
}

type answer map[string]any

func (receiver *Receiver) take(headers http.Header, body []byte) (int, answer) {
	if problem := receiver.verify(headers, body); problem != "" {
		return 401, answer{"error": problem}
	}
	var many struct {
		Deliveries *[]json.RawMessage `json:"deliveries"`
	}
	if json.Unmarshal(body, &many) == nil && many.Deliveries != nil {
		results := []answer{}
		for _, one := range *many.Deliveries {
			var named struct{ Source string }
			_ = json.Unmarshal(one, &named)
			status, result := receiver.takeOne(one)
			if status != 200 && status != 409 {
				result = answer{"refused": answer{"status": status, "error": result["error"]}}
			}
			result["source"] = named.Source
			results = append(results, result)
		}
		return 200, answer{"results": results}
	}
	return receiver.takeOne(body)
}

var isGuild = regexp.MustCompile(`^\d{1,20}$`)

func (receiver *Receiver) takeOne(text []byte) (int, answer) {
	var delivery Delivery
	if json.Unmarshal(text, &delivery) != nil || delivery.Source == "" || delivery.Epoch == "" || delivery.Events == nil {
		return 400, answer{"error": "no delivery"}
	}
	for index, event := range delivery.Events {
		if index == 0 {
			continue
		}
		expected := delivery.Events[index-1].Seq + 1
		if event.Seq != expected && !(event.Type == "events.lost" && event.Seq > expected) {
			return 400, answer{"error": "events of one delivery follow each other without holes"}
		}
	}
	if len(delivery.Events) == 0 {
		return 200, answer{"pong": true}
	}
	receiver.mutex.Lock()
	defer receiver.mutex.Unlock()
	before := receiver.progress[delivery.Source]
	known := before.Epoch == delivery.Epoch
	fresh := delivery.Events
	for known && len(fresh) > 0 && fresh[0].Seq <= before.Seq {
		fresh = fresh[1:]
	}
	if len(fresh) == 0 {
		return 200, answer{"acked": before.Seq}
	}
	var told []Event
	var parts []json.RawMessage
	if isGuild.MatchString(delivery.Source) {
		var ok bool
		if told, parts, fresh, ok = planRooms(before, delivery.Epoch, known, fresh); !ok {
			return 409, answer{"want": "snapshot"}
		}
	} else if from := firstPlace(fresh[0]); known && from > before.Seq+1 {
		return 409, answer{"want": "from", "epoch": before.Epoch, "seq": before.Seq}
	} else if !known && fresh[0].Seq != 1 && fresh[0].Type != "events.lost" {
		return 409, answer{"want": "snapshot"}
	} else {
		// A stream of facts: an app would keep each of these.
		told = fresh
	}
	after := Progress{Epoch: delivery.Epoch, Seq: fresh[len(fresh)-1].Seq, Newest: before.Newest, Parts: parts}
	for _, epoch := range before.Replaced {
		if epoch != delivery.Epoch {
			after.Replaced = append(after.Replaced, epoch)
		}
	}
	if !known && before.Epoch != "" {
		after.Replaced = append(after.Replaced, before.Epoch)
	}
	if excess := len(after.Replaced) - replacedEpochsMax; excess > 0 {
		after.Replaced = after.Replaced[excess:]
	}
	for _, event := range fresh {
		if event.Timestamp > after.Newest {
			after.Newest = event.Timestamp
		}
	}
	if err := receiver.commit(Commit{delivery.Source, after, told}); err != nil {
		return 500, answer{"error": "the delivery could not be committed; nothing of it was applied"}
	}
	return 200, answer{"acked": after.Seq}
}

// planRooms returns what is to be applied, the parts kept now, and the events that counts for.
func planRooms(before Progress, epoch string, known bool, fresh []Event) ([]Event, []json.RawMessage, []Event, bool) {
	if known && fresh[0].Seq == before.Seq+1 {
		if told, parts, ok := assemble(before.Parts, fresh); ok {
			return told, parts, fresh, true
		}
	}
	// A snapshot replaces everything, so what came before its beginning need not be known.
	begin := -1
	for index, event := range fresh {
		if beginsSnapshot(event) {
			begin = index
		}
	}
	if begin == -1 {
		return nil, nil, nil, false
	}
	fresh = fresh[begin:]
	for _, replaced := range before.Replaced {
		// An epoch that was left comes back only with a snapshot newer than all that is here.
		if replaced == epoch && fresh[0].Timestamp <= before.Newest {
			return nil, nil, nil, false
		}
	}
	told, parts, ok := assemble(nil, fresh)
	return told, parts, fresh, ok
}

type part struct {
	Part      int               `json:"part"`
	Parts     int               `json:"parts"`
	Rooms     []json.RawMessage `json:"rooms"`
	Occupants []json.RawMessage `json:"occupants"`
}

func partOf(data json.RawMessage) (read part) {
	_ = json.Unmarshal(data, &read)
	return read
}

func beginsSnapshot(event Event) bool {
	return event.Type == "guild.snapshot" || (event.Type == "snapshot.part" && partOf(event.Data).Part == 1)
}

// assemble puts whole snapshots in place of their last parts; false: a part is missing.
func assemble(kept []json.RawMessage, events []Event) (told []Event, parts []json.RawMessage, ok bool) {
	parts = append(parts, kept...)
	for _, event := range events {
		if event.Type != "snapshot.part" {
			if len(parts) > 0 {
				return nil, nil, false
			}
			told = append(told, event)
			continue
		}
		read := partOf(event.Data)
		if read.Part == 1 {
			parts = nil
		} else if len(parts) == 0 {
			return nil, nil, false
		} else if last := partOf(parts[len(parts)-1]); last.Part != read.Part-1 || last.Parts != read.Parts {
			return nil, nil, false
		}
		parts = append(parts, event.Data)
		if read.Part < read.Parts {
			continue
		}
		whole := part{}
		for _, one := range parts {
			piece := partOf(one)
			whole.Rooms = append(whole.Rooms, piece.Rooms...)
			whole.Occupants = append(whole.Occupants, piece.Occupants...)
		}
		data, _ := json.Marshal(whole)
		told = append(told, Event{event.Seq, "guild.snapshot", event.Timestamp, data})
		parts = nil
	}
	return told, parts, true
}

// firstPlace is where an event begins to count: a record of lost events reaches back.
func firstPlace(event Event) int64 {
	var lost struct{ From int64 }
	if event.Type == "events.lost" && json.Unmarshal(event.Data, &lost) == nil {
		return lost.From
	}
	return event.Seq
}

func (receiver *Receiver) commit(commit Commit) error {
	line, err := json.Marshal(commit)
	if err != nil {
		return err
	}
	end, err := receiver.journal.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err = receiver.journal.Write(append(line, '\n')); err == nil {
		err = receiver.journal.Sync()
	}
	if err != nil {
		_ = receiver.journal.Truncate(end)
		_, _ = receiver.journal.Seek(end, io.SeekStart)
		return err
	}
	receiver.apply(commit)
	return nil
}

func (receiver *Receiver) apply(commit Commit) {
	receiver.progress[commit.Source] = commit.Progress
	for _, event := range commit.Told {
		var data struct {
			Person
			Room      Room     `json:"room"`
			Rooms     []Room   `json:"rooms"`
			Occupants []Person `json:"occupants"`
		}
		if json.Unmarshal(event.Data, &data) != nil {
			continue
		}
		switch event.Type {
		case "guild.snapshot", "guild.removed":
			for id, room := range receiver.rooms {
				if room.Source == commit.Source {
					delete(receiver.rooms, id)
				}
			}
			for key := range receiver.people {
				if key[1] == commit.Source {
					delete(receiver.people, key)
				}
			}
			for _, room := range data.Rooms {
				room.Source = commit.Source
				receiver.rooms[room.ID] = room
			}
			for _, person := range data.Occupants {
				receiver.people[[2]string{person.User.ID, commit.Source}] = person
			}
		case "room.created", "room.updated":
			data.Room.Source = commit.Source
			receiver.rooms[data.Room.ID] = data.Room
		case "room.deleted":
			delete(receiver.rooms, data.Room.ID)
		case "voice.joined", "voice.updated":
			if event.Type == "voice.joined" {
				receiver.visits[data.RoomID]++
			}
			receiver.people[[2]string{data.User.ID, commit.Source}] = data.Person
		case "voice.left":
			delete(receiver.people, [2]string{data.User.ID, commit.Source})
		}
	}
}

func (receiver *Receiver) shownRooms() map[string]any {
	receiver.mutex.Lock()
	defer receiver.mutex.Unlock()
	shown := map[string]any{}
	for id, room := range receiver.rooms {
		people := []string{}
		for _, person := range receiver.people {
			if person.RoomID == id {
				people = append(people, person.User.Name)
			}
		}
		sort.Strings(people)
		shown[room.Name] = answer{"visits": receiver.visits[id], "people": people}
	}
	return shown
}

func reply(response http.ResponseWriter, status int, body any) {
	response.Header().Set("content-type", "application/json")
	// From now on the worker may send many streams in one body.
	response.Header().Set("guildwire-multi", "1")
	response.WriteHeader(status)
	_ = json.NewEncoder(response).Encode(body)
}

func main() {
	file := os.Getenv("ROOMS_FILE")
	if file == "" {
		file = "rooms.journal"
	}
	receiver, err := openReceiver(os.Getenv("HUB_SECRET"), file)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	http.HandleFunc("/rooms", func(response http.ResponseWriter, _ *http.Request) {
		reply(response, 200, receiver.shownRooms())
	})
	http.HandleFunc("/discord-events", func(response http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(io.LimitReader(request.Body, bodyBytesMax+1))
		if err != nil {
			return
		}
		if len(body) > bodyBytesMax {
			reply(response, 413, answer{"error": fmt.Sprintf("a delivery may have %d bytes", bodyBytesMax)})
			return
		}
		status, result := receiver.take(request.Header, body)
		reply(response, status, result)
	})
	port := os.Getenv("PORT")
	if port == "" {
		port = "4000"
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("listening, port:", listener.Addr().(*net.TCPAddr).Port)
	server := http.Server{ReadTimeout: 15 * time.Second}
	fmt.Fprintln(os.Stderr, server.Serve(listener))
	os.Exit(1)
}
