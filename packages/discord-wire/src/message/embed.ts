import { asFlag, asInteger, asObject, asString, asTime, type JsonObject, readEach } from "../fields.ts";

/** A picture or video of an embed. `proxyUrl` is Discord's copy: showing it tells the origin nothing of the reader. */
export interface EmbedMedia {
  readonly url: string | null;
  readonly proxyUrl: string | null;
  readonly width: number | null;
  readonly height: number | null;
}

/** Source: https://discord.com/developers/docs/resources/message#embed-object */
export interface Embed {
  /** `rich`, `image`, `video`, `gifv`, `article`, `link`, `poll_result`, and what Discord adds. */
  readonly type: string;
  readonly title: string | null;
  readonly description: string | null;
  readonly url: string | null;
  /** ISO 8601. */
  readonly timestamp: string | null;
  /** 0xRRGGBB. */
  readonly color: number | null;
  readonly author: {
    readonly name: string;
    readonly url: string | null;
    readonly iconUrl: string | null;
  } | null;
  readonly footer: { readonly text: string; readonly iconUrl: string | null } | null;
  readonly provider: { readonly name: string | null; readonly url: string | null } | null;
  readonly image: EmbedMedia | null;
  readonly thumbnail: EmbedMedia | null;
  readonly video: EmbedMedia | null;
  readonly fields: readonly { readonly name: string; readonly value: string; readonly inline: boolean }[];
}

export function readEmbed(entry: JsonObject): Embed {
  const author = asObject(entry["author"]);
  const footer = asObject(entry["footer"]);
  const provider = asObject(entry["provider"]);
  return {
    type: asString(entry["type"]) ?? "rich",
    title: asString(entry["title"]) ?? null,
    description: asString(entry["description"]) ?? null,
    url: asString(entry["url"]) ?? null,
    timestamp: asTime(entry["timestamp"]) ?? null,
    color: asInteger(entry["color"]) ?? null,
    author:
      author === undefined
        ? null
        : {
            name: asString(author["name"]) ?? "",
            url: asString(author["url"]) ?? null,
            iconUrl: asString(author["proxy_icon_url"]) ?? null,
          },
    footer:
      footer === undefined
        ? null
        : { text: asString(footer["text"]) ?? "", iconUrl: asString(footer["proxy_icon_url"]) ?? null },
    provider:
      provider === undefined
        ? null
        : { name: asString(provider["name"]) ?? null, url: asString(provider["url"]) ?? null },
    image: readEmbedMedia(entry["image"]),
    thumbnail: readEmbedMedia(entry["thumbnail"]),
    video: readEmbedMedia(entry["video"]),
    fields: readEach(entry["fields"], (field) => ({
      name: asString(field["name"]) ?? "",
      value: asString(field["value"]) ?? "",
      inline: asFlag(field["inline"]),
    })),
  };
}

function readEmbedMedia(value: unknown): EmbedMedia | null {
  const media = asObject(value);
  if (media === undefined) return null;
  return {
    url: asString(media["url"]) ?? null,
    proxyUrl: asString(media["proxy_url"]) ?? null,
    width: asInteger(media["width"]) ?? null,
    height: asInteger(media["height"]) ?? null,
  };
}
