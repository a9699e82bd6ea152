/** Finds a Chromium to test with, or installs one where that is possible without asking. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

const INSTALL_MS_MAX = 300_000;

/** What to say when there is none; a run without a browser has not tested the page. */
export const NO_BROWSER =
  "no Chromium or Chrome found: install one (Debian and Ubuntu: apt-get install chromium) or set CHROMIUM to its path";

export async function launchChromium(): Promise<Browser> {
  const executablePath = find() ?? install();
  if (executablePath === undefined) throw new Error(NO_BROWSER);
  return await chromium.launch({
    executablePath,
    headless: true,
    args: [
      // A sandbox needs rights that containers and root do not have; the pages are our own.
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

function find(): string | undefined {
  const own = process.env["CHROMIUM"];
  return [own, ...PLACES, playwrightsOwn()].find((path) => path !== undefined && existsSync(path));
}

/** One that Playwright downloaded. */
function playwrightsOwn(): string | undefined {
  try {
    return chromium.executablePath();
  } catch {
    return undefined;
  }
}

function install(): string | undefined {
  const run = (command: string, args: readonly string[]) =>
    execFileSync(command, args, { stdio: "ignore", timeout: INSTALL_MS_MAX });
  try {
    if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
      run("/usr/bin/apt-get", ["update"]);
      run("/usr/bin/apt-get", ["install", "-y", "--no-install-recommends", "chromium"]);
    } else {
      const cli = join(createRequire(import.meta.url).resolve("playwright-core/package.json"), "../cli.js");
      run(process.execPath, [cli, "install", "chromium"]);
    }
  } catch {
    return undefined;
  }
  return find();
}
