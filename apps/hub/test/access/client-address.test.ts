import { expect, it } from "vitest";
import { clientAddress } from "../../src/access/client-address.ts";

const from = (remoteAddress: string | undefined, forwardedFor?: string) => ({ remoteAddress, forwardedFor });

it("is that of the connection where no proxy is trusted, whatever a header claims", () => {
  expect(clientAddress(from("203.0.113.7", "198.51.100.1"), 0)).toBe("203.0.113.7");
});

it("is what the nearest trusted proxies wrote, counted from the right", () => {
  const chain = "6.6.6.6, 198.51.100.1, 10.0.0.2";
  expect(clientAddress(from("10.0.0.3", chain), 1)).toBe("10.0.0.2");
  expect(clientAddress(from("10.0.0.3", chain), 2)).toBe("198.51.100.1");
});

it("is that of the connection when the header is missing, short or rubbish", () => {
  expect(clientAddress(from("10.0.0.3"), 1)).toBe("10.0.0.3");
  expect(clientAddress(from("10.0.0.3", "198.51.100.1"), 2)).toBe("10.0.0.3");
  expect(clientAddress(from("10.0.0.3", "<script>"), 1)).toBe("10.0.0.3");
});

it.each(["::ffff:203.0.113.7", "::FFFF:cb00:7107", "0:0:0:0:0:ffff:203.0.113.7", "0:0:0:0:0:ffff:cb00:7107"])(
  "is an IPv4 address also when it comes mapped into IPv6, as %s",
  (address) => {
    expect(clientAddress(from(address), 0)).toBe("203.0.113.7");
    expect(clientAddress(from("10.0.0.3", address), 1)).toBe("203.0.113.7");
  },
);

it("is one for a whole IPv6 household", () => {
  expect(clientAddress(from("2001:db8:1:2:3:4:5:6"), 0)).toBe("2001:db8:1:2::/64");
  expect(clientAddress(from("2001:DB8:1:2::9"), 0)).toBe("2001:db8:1:2::/64");
  expect(clientAddress(from("2001:db8::9"), 0)).toBe("2001:db8:0:0::/64");
  expect(clientAddress(from("::1"), 0)).toBe("0:0:0:0::/64");
  expect(clientAddress(from("fe80::1%eth0"), 0)).toBe("fe80:0:0:0::/64");
  // No mapped one, though it looks alike.
  expect(clientAddress(from("2001:db8::ffff:203.0.113.7"), 0)).toBe("2001:db8:0:0::/64");
});

it("has a word where there is none", () => {
  expect(clientAddress(from(undefined), 0)).toBe("unknown");
});
