import type { ChannelKind } from "./world.ts";

/** Invented names for the invented server. No person, server or product is meant by any of them. */

export interface RoomPlan {
  readonly category: string | null;
  readonly name: string;
  readonly kind: Extract<ChannelKind, "voice" | "stage">;
  readonly userLimit: number;
}

/** Rooms in the order in which `rooms` takes them: a server with few rooms still has one of each sort. */
export const ROOM_PLANS: readonly RoomPlan[] = [
  { category: "Hang Out", name: "Lounge", kind: "voice", userLimit: 0 },
  { category: "Hang Out", name: "Game Night", kind: "voice", userLimit: 12 },
  { category: "Focus", name: "Study Hall", kind: "voice", userLimit: 0 },
  { category: "Events", name: "Town Hall", kind: "stage", userLimit: 0 },
  { category: "Hang Out", name: "Music", kind: "voice", userLimit: 0 },
  { category: null, name: "AFK", kind: "voice", userLimit: 0 },
  { category: "Focus", name: "Pair Desk", kind: "voice", userLimit: 2 },
  { category: "Events", name: "Watch Party", kind: "voice", userLimit: 25 },
  { category: "Hang Out", name: "Kitchen Table", kind: "voice", userLimit: 0 },
  { category: "Focus", name: "Workshop", kind: "voice", userLimit: 8 },
  { category: "Events", name: "Open Mic", kind: "stage", userLimit: 0 },
  { category: "Hang Out", name: "Rooftop", kind: "voice", userLimit: 0 },
  { category: "Hang Out", name: "Campfire", kind: "voice", userLimit: 0 },
  { category: "Focus", name: "Library", kind: "voice", userLimit: 0 },
];

/** Names for rooms that come and go. */
export const PASSING_ROOM_NAMES: readonly string[] = [
  "Late Shift",
  "Puzzle Corner",
  "Raid Prep",
  "Tea Break",
  "Language Table",
  "Map Room",
];

/** What rooms may be renamed to and from: the suffix is put on and taken off again. */
export const ROOM_NAME_SUFFIXES: readonly string[] = ["(busy)", "(all welcome)", "(spoilers!)"];

export const STATUS_LINES: readonly string[] = [
  "Boss attempt number nine",
  "Quiet hours, mics off please",
  "Chapter 4 exercises",
  "Choosing the next film",
  "Vinyl only tonight",
  "Speedrun practice",
  "Rust questions welcome",
  "Cooking along, bring onions",
  "New here? Say hello",
  "Drafting the newsletter",
];

export const NICKNAME_ENDINGS: readonly string[] = ["(on call)", "☕", "🎧", "(back at 9)", "🌙"];

export const PERSON_NAMES: readonly string[] = [
  "Mirelle",
  "tobias_k",
  "Juno Park",
  "Kestrel",
  "nightowl",
  "Oskar B.",
  "Pía",
  "Ravi",
  "Hazel Moss",
  "deniz",
  "Wren",
  "Copperfox",
  "Saoirse",
  "Bartek",
  "Luma",
  "Ines V",
  "quietstorm",
  "Theo",
  "Yuki",
  "Marguerite",
  "Pixel Baker",
  "Anselm",
  "noor",
  "Captain Teapot",
  "Ilse",
  "Rowan",
  "Emeka",
  "Sable",
  "Fenna",
  "moth",
  "Giulia",
  "Harlow",
  "Zdeněk",
  "Lark",
  "ada.l",
  "Bruno",
  "Cinder",
  "Nadia",
  "old_growth",
  "Petra",
  "Quill",
  "Sunniva",
  "Mateo",
  "Vesper",
  "Tamsin",
  "Halvard",
  "Priya",
  "Ørjan",
  "Bluebell",
  "Casimir",
  "Dove",
  "Elowen",
  "Finch",
  "Greta",
  "Ibrahim",
  "Jasper",
  "Kaia",
  "Leopold",
  "Maeve",
  "Nils",
  "Odette",
  "Pascal",
  "Renske",
  "Silas",
  "Tove",
  "Umi",
  "Viggo",
  "Willa",
  "Xan",
  "Ysolde",
  "Zephyr",
  "Amparo",
];

export const SAYINGS: readonly string[] = [
  "Anybody up for a round later?",
  "The new build is out, please try it",
  "I will be ten minutes late",
  "Has someone seen the notes from yesterday?",
  "That worked, thank you!",
  "Which room are you in?",
  "Tea first, then the rest",
  "I can hear you twice",
  "Pushed a fix, have a look",
  "See you all tomorrow",
];

export const EMOJIS: readonly string[] = ["👍", "🎉", "🔥", "😄", "👀", "❤️"];

export const GAMES: readonly string[] = ["Lantern Keeper", "Tiny Harbours", "Paper Comets", "Mosswood"];

/** A pack of standard stickers, as every server may use. */
export const STANDARD_STICKERS = [
  { id: "749054660769218631", name: "Wave", tags: "wave, hello" },
  { id: "749052944682582036", name: "Lantern", tags: "light, evening" },
  { id: "749053689419006003", name: "Teapot", tags: "tea, break" },
] as const;
