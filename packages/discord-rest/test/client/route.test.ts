import { snowflakeAt } from "@guildwire/discord-wire";
import { describe, expect, it } from "vitest";
import { restRoute, routeKeyOf } from "../../src/client/route.ts";

describe("a route", () => {
  it("encodes its values, so that none reaches another path", () => {
    const route = restRoute("PUT", "/channels/{channelId}/messages/{messageId}/reactions/{emoji}/@me", {
      channelId: "1",
      messageId: "2/../3",
      emoji: "👍",
    });
    expect(route.path).toBe("/channels/1/messages/2%2F..%2F3/reactions/%F0%9F%91%8D/@me");
  });

  it.each(["", ".", ".."])("refuses the value %j and names the parameter", (channelId) => {
    expect(() => restRoute("GET", "/channels/{channelId}", { channelId })).toThrow(
      "{channelId} has no usable value",
    );
  });

  it.each([
    [restRoute("GET", "/channels/{channelId}/messages", { channelId: "1" }), "1", "bot"],
    [restRoute("GET", "/guilds/{guildId}/members/{userId}", { guildId: "1", userId: "2" }), "1", "bot"],
    [
      restRoute("POST", "/webhooks/{webhookId}/{webhookToken}", { webhookId: "1", webhookToken: "t" }),
      "1/t",
      "bot",
    ],
    [
      restRoute("POST", "/webhooks/{applicationId}/{interactionToken}", {
        applicationId: "1",
        interactionToken: "t",
      }),
      "1/t",
      "interaction",
    ],
    [
      restRoute("POST", "/interactions/{interactionId}/{interactionToken}/callback", {
        interactionId: "1",
        interactionToken: "t",
      }),
      "1/t",
      "interaction",
    ],
    [restRoute("GET", "/users/{userId}", { userId: "1" }), "", "bot"],
  ])("knows its major parameter and scope: $template", (route, major, scope) => {
    expect([route.major, route.scope]).toEqual([major, scope]);
  });

  it("has a limit of its own for deleting young and old messages", () => {
    const nowMs = Date.UTC(2026, 0, 1);
    const keyAt = (ageMs: number) =>
      routeKeyOf(
        restRoute("DELETE", "/channels/{channelId}/messages/{messageId}", {
          channelId: "1",
          messageId: snowflakeAt(nowMs - ageMs),
        }),
        nowMs,
      );
    const plain = "DELETE /channels/{}/messages/{}";
    expect([keyAt(5_000), keyAt(60_000), keyAt(15 * 86_400_000)]).toEqual([
      `${plain} young`,
      plain,
      `${plain} old`,
    ]);
  });
});
