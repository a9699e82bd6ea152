import { type Emoji, readEmoji } from "../emoji.ts";
import { asFlag, asInteger, asObject, asString, type JsonObject, readEach } from "../fields.ts";

/** Source: https://discord.com/developers/docs/components/reference#component-object-component-types */
export const ComponentType = {
  ActionRow: 1,
  Button: 2,
  StringSelect: 3,
  TextInput: 4,
  UserSelect: 5,
  RoleSelect: 6,
  MentionableSelect: 7,
  ChannelSelect: 8,
  Section: 9,
  TextDisplay: 10,
  Thumbnail: 11,
  MediaGallery: 12,
  File: 13,
  Separator: 14,
  Container: 17,
  Label: 18,
  FileUpload: 19,
  RadioGroup: 21,
  CheckboxGroup: 22,
  Checkbox: 23,
} as const;

/** A picture, video or file inside a component. */
export interface ComponentMedia {
  readonly url: string;
  readonly proxyUrl: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly contentType: string | null;
  readonly description: string | null;
  readonly spoiler: boolean;
}

/** One choice of a select. */
export interface SelectOption {
  readonly label: string;
  readonly value: string;
  readonly description: string | null;
  readonly emoji: Emoji | null;
}

/**
 * A component of a message with what a reader or an application needs of it. Which fields are there depends on `type`;
 * a type that Discord adds keeps its children and its text.
 */
export interface Component {
  readonly type: number;
  readonly customId?: string;
  /** Button: 1 to 4 send an interaction, 5 is a link, 6 premium. */
  readonly style?: number;
  readonly label?: string;
  readonly url?: string;
  readonly emoji?: Emoji;
  readonly disabled?: true;
  readonly placeholder?: string;
  readonly options?: readonly SelectOption[];
  /** Text display: Markdown. */
  readonly content?: string;
  /** Thumbnail, file: one; gallery: up to ten. */
  readonly media?: readonly ComponentMedia[];
  /** Container: 0xRRGGBB. */
  readonly accentColor?: number;
  readonly spoiler?: true;
  /** Separator: 1 small, 2 large. */
  readonly spacing?: number;
  readonly divider?: boolean;
  readonly components?: readonly Component[];
  readonly accessory?: Component;
}

/** Discord nests containers, sections and rows three deep; anything deeper is left out. */
const DEPTH_MAX = 5;
/** Discord allows 40 in a message, nesting included. */
const COMPONENTS_MAX = 100;

/** Reads a message's components, at most `COMPONENTS_MAX` of them and `DEPTH_MAX` deep. */
export function readComponents(list: unknown): readonly Component[] {
  const budget = { left: COMPONENTS_MAX };
  return readEach(list, (entry) => readComponent(entry, budget, 1));
}

function readComponent(entry: JsonObject, budget: { left: number }, depth: number): Component | undefined {
  const type = asInteger(entry["type"]);
  if (type === undefined || depth > DEPTH_MAX || budget.left === 0) return undefined;
  budget.left -= 1;
  const children = readEach(entry["components"], (child) => readComponent(child, budget, depth + 1));
  const accessory = asObject(entry["accessory"]);
  return withoutUndefined({
    type,
    customId: asString(entry["custom_id"]),
    style: asInteger(entry["style"]),
    label: asString(entry["label"]),
    url: asString(entry["url"]),
    emoji: readEmoji(entry["emoji"]),
    disabled: asFlag(entry["disabled"]) || undefined,
    placeholder: asString(entry["placeholder"]),
    options: "options" in entry ? readEach(entry["options"], readOption) : undefined,
    content: asString(entry["content"]),
    media: readMedia(type, entry),
    accentColor: asInteger(entry["accent_color"]),
    spoiler: asFlag(entry["spoiler"]) || undefined,
    spacing: asInteger(entry["spacing"]),
    divider: type === ComponentType.Separator ? entry["divider"] !== false : undefined,
    components: children.length > 0 ? children : undefined,
    accessory: accessory === undefined ? undefined : readComponent(accessory, budget, depth + 1),
  });
}

function readOption(option: JsonObject): SelectOption | undefined {
  const value = asString(option["value"]);
  if (value === undefined) return undefined;
  return {
    value,
    label: asString(option["label"]) ?? value,
    description: asString(option["description"]) ?? null,
    emoji: readEmoji(option["emoji"]) ?? null,
  };
}

function readMedia(type: number, entry: JsonObject): readonly ComponentMedia[] | undefined {
  switch (type) {
    case ComponentType.Thumbnail:
      return oneMedia(entry["media"], entry);
    case ComponentType.File:
      return oneMedia(entry["file"], entry);
    case ComponentType.MediaGallery:
      return readEach(entry["items"], (item) => mediaItem(item["media"], item));
    default:
      return undefined;
  }
}

function oneMedia(value: unknown, around: JsonObject): readonly ComponentMedia[] {
  const item = mediaItem(value, around);
  return item === undefined ? [] : [item];
}

function mediaItem(value: unknown, around: JsonObject): ComponentMedia | undefined {
  const media = asObject(value);
  const url = asString(media?.["url"]);
  if (media === undefined || url === undefined) return undefined;
  return {
    url,
    proxyUrl: asString(media["proxy_url"]) ?? null,
    width: asInteger(media["width"]) ?? null,
    height: asInteger(media["height"]) ?? null,
    contentType: asString(media["content_type"]) ?? null,
    description: asString(around["description"]) ?? null,
    spoiler: asFlag(around["spoiler"]),
  };
}

type Optional<T> = { [Key in keyof T]: T[Key] | undefined };

function withoutUndefined(component: Optional<Required<Component>> & { type: number }): Component {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(component)) if (value !== undefined) kept[key] = value;
  return kept as unknown as Component;
}
