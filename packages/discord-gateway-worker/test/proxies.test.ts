import { describe, expect, it } from "vitest";
import { readProxies } from "../src/proxies.ts";

describe("proxies of the environment", () => {
  it("are none without a variable, or with an empty one", () => {
    expect(readProxies({})).toEqual({ ok: true, proxies: null });
    expect(readProxies({ HTTPS_PROXY: " ", NO_PROXY: "*" })).toEqual({ ok: true, proxies: null });
  });

  it("are read in small letters before capitals, and without a scheme as http", () => {
    expect(
      readProxies({ HTTPS_PROXY: "http://a:1", https_proxy: "b:2", no_proxy: "c.test", NO_PROXY: "d" }),
    ).toEqual({
      ok: true,
      proxies: {
        httpProxy: null,
        httpsProxy: "http://b:2",
        noProxy: "c.test,localhost,127.0.0.1,::1",
      },
    });
  });

  it("use HTTP_PROXY for https too when it is the only one", () => {
    expect(readProxies({ HTTP_PROXY: "http://a:1" })).toMatchObject({
      proxies: { httpProxy: "http://a:1", httpsProxy: "http://a:1" },
    });
  });

  it("are refused by the variable's name, and their password is not shown", () => {
    const outcome = readProxies({ HTTP_PROXY: "socks5://me:hush@a:1", https_proxy: "http://" });
    expect(outcome).toMatchObject({
      problems: [expect.stringMatching(/^HTTP_PROXY must/), expect.stringMatching(/^https_proxy must/)],
    });
    expect(JSON.stringify(outcome)).not.toContain("hush");
  });
});
