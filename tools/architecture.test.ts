/**
 * The architecture as a test: what ARCHITECTURE.md says about who may import whom, which files are pure, and how
 * files are named, checked in the ordinary run.
 */
import { describe, expect, it } from "vitest";
import {
  manifestOf,
  packageFolders,
  packageOf,
  resolveRelative,
  type SourceFile,
  sourceFiles,
} from "./source-tree.ts";

/** Arrows point one way. A package that is not listed may import no other. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "packages/discord-wire": [],
  "packages/gateway": ["@guildwire/discord-wire", "@guildwire/runtime"],
  "packages/delivery": ["@guildwire/events", "@guildwire/runtime"],
  "packages/discord-rest": ["@guildwire/discord-wire", "@guildwire/runtime"],
  "packages/events": [],
  "packages/receiver": ["@guildwire/events"],
  "packages/runtime": [],
  "packages/discord-gateway-worker": [
    "@guildwire/delivery",
    "@guildwire/discord-rest",
    "@guildwire/discord-wire",
    "@guildwire/events",
    "@guildwire/gateway",
    "@guildwire/runtime",
  ],
  "packages/live": [],
  "packages/client": ["@guildwire/live"],
  "packages/discord-sim": ["@guildwire/discord-wire", "@guildwire/runtime"],
  "apps/hub": [
    "@guildwire/client",
    "@guildwire/events",
    "@guildwire/live",
    "@guildwire/receiver",
    "@guildwire/runtime",
  ],
  "internal/demo": ["@guildwire/runtime"],
  // For its replica, which is a browser's client in a process of its own.
  "internal/chaos": ["@guildwire/client", "@guildwire/demo", "@guildwire/live", "@guildwire/runtime"],
  "internal/e2e": ["@guildwire/chaos", "@guildwire/demo", "@guildwire/runtime"],
  // What somebody else's app would use.
  "examples/plain-html": [],
  "examples/react-vite": ["@guildwire/client"],
  "examples/receivers": ["@guildwire/receiver"],
  "examples/tanstack-start": ["@guildwire/receiver"],
};

/** Tests may use these besides: the simulator is there to be tested against. */
const TESTS_MAY_IMPORT = ["@guildwire/discord-sim", "@guildwire/discord-wire", "@guildwire/events"];

const WORKER_RUNTIME_DEPENDENCIES = ["pino", "undici", "ws", "zod"];

/** Folders and files without clock, chance, timers, sockets, environment or waiting. */
const PURE = [
  /^packages\/discord-wire\/src\//,
  /^packages\/gateway\/src\/session\//,
  /^packages\/discord-rest\/src\/(limiter\/|client\/(route|outcome|rest-error))/,
  /^packages\/runtime\/src\/(environment\/(misspelling|sample-secret|shown-value)|log\/log-rotation|report\/)/,
  /^packages\/discord-gateway-worker\/src\/(guild\/|session-age)/,
  /^packages\/receiver\/src\/(delivery-plan|fact-plan|snapshot-assembly|progress)/,
  /^packages\/delivery\/src\/(settling\/|cursor|outbox-bounds|sending\/(batch|rendering|message))/,
  /^packages\/live\/src\/(op|position|message|replica|digest|topic-log|connection|subscription)/,
  /^packages\/client\/src\/(connection-step|topic-step|rooms\/(voice-topic|voice-rooms-view|voice-changes))/,
  /^packages\/discord-sim\/src\/(world|life)\//,
  /^apps\/hub\/src\/(topics\/(entry-map|topic-admission)|intake\/(kept-parts|delivered-step))/,
  /^apps\/hub\/src\/features\/rooms\/(projection\/(project|voice-|view-|rooms-topics|rooms-note)|card\/(?!card-answer)|history\/(activity|day|people|room-history|topic-history|history-changes))/,
];
const IMPURE =
  /\b(?:Date\.now\(|new Date\(\)|performance\.now|Math\.random|setTimeout|setInterval|setImmediate|queueMicrotask|process\.|await\s|console\.|fetch\()/;

/** The composition, routes, which are pages of a feature, and tests. */
const MAY_IMPORT_FEATURES = /^apps\/[^/]+\/(src\/(compose|page-data)\.ts|src\/routes\/|test\/)/;

const FORBIDDEN_NAMES = /^(utils?|helpers?|types|common|misc|shared|managers?)\.tsx?$/;
/** A page or two more for tests, which are lists. */
const LINES_MAX = { src: 320, test: 420 } as const;

const folders = packageFolders();
const files = [...folders.flatMap((folder) => sourceFiles(folder)), ...sourceFiles("tools")];

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "");
}

function filesIn(folder: string, part: "src" | "test"): readonly SourceFile[] {
  return files.filter((file) => file.path.startsWith(`${folder}/${part}/`));
}

/** Which folder of `root` imports which; files beside the folders may import any and be imported by any. */
function folderArrows(
  root: string,
  sources: readonly SourceFile[],
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const folderOf = (path: string) => new RegExp(`^${root}/([^/]+)/`).exec(path)?.[1];
  const arrows = new Map<string, Map<string, string>>();
  for (const file of sources) {
    for (const specifier of file.imports) {
      const from = folderOf(file.path);
      const to = folderOf(resolveRelative(file, specifier) ?? "");
      if (from === undefined || to === undefined || from === to) continue;
      const targets = arrows.get(from) ?? new Map<string, string>();
      arrows.set(from, targets.set(to, `${file.path} → ${specifier}`));
    }
  }
  return arrows;
}

/** An import of each arrow by which a folder reaches itself. */
function cyclesBetween(arrows: ReadonlyMap<string, ReadonlyMap<string, string>>): readonly string[] {
  const reachedFrom = (start: string): ReadonlySet<string> => {
    const reached = new Set<string>();
    const open = [start];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const next of arrows.get(at)?.keys() ?? []) {
        if (reached.has(next)) continue;
        reached.add(next);
        open.push(next);
      }
    }
    return reached;
  };
  return [...arrows].flatMap(([from, targets]) =>
    [...targets].filter(([to]) => reachedFrom(to).has(from)).map(([, example]) => example),
  );
}

describe("imports", () => {
  it("cover every package with a rule", () => {
    expect(folders.toSorted()).toEqual(Object.keys(MAY_IMPORT).toSorted());
  });

  it.each(folders)("of %s point the way the arrows do", (folder) => {
    const allowed = new Set([manifestOf(folder).name, ...(MAY_IMPORT[folder] ?? [])]);
    const used = (part: "src" | "test") =>
      filesIn(folder, part).flatMap((file) =>
        file.imports
          .map(packageOf)
          .filter((name) => name.startsWith("@guildwire/"))
          .map((name) => [file.path, name] as const),
      );
    expect(used("src").filter(([, name]) => !allowed.has(name))).toEqual([]);
    for (const name of TESTS_MAY_IMPORT) allowed.add(name);
    expect(used("test").filter(([, name]) => !allowed.has(name))).toEqual([]);
  });

  it.each(folders)("of %s are declared in its manifest", (folder) => {
    const manifest = manifestOf(folder);
    const root = manifestOf(".");
    const known = new Set([
      manifest.name,
      ...Object.keys(manifest.dependencies ?? {}),
      ...Object.keys(manifest.devDependencies ?? {}),
      ...Object.keys(root.devDependencies ?? {}),
    ]);
    const unknown = files
      .filter((file) => file.path.startsWith(`${folder}/`))
      .flatMap((file) => file.imports.filter((specifier) => !/^(\.|node:|\/|virtual:|#)/.test(specifier)))
      .map(packageOf)
      .filter((name) => !known.has(name) && name !== "react");
    expect([...new Set(unknown)]).toEqual([]);
  });

  it("of the simulator reach no product code", () => {
    const product = files.filter((file) => /^(packages|apps)\/(?!discord-sim)[^/]+\/src\//.test(file.path));
    const users = product.filter((file) =>
      file.imports.some((name) => packageOf(name) === "@guildwire/discord-sim"),
    );
    expect(users.map((file) => file.path)).toEqual([]);
  });

  it("stay inside the package when they are relative", () => {
    const escaping = folders.flatMap((folder) =>
      files
        .filter((file) => file.path.startsWith(`${folder}/`))
        .flatMap((file) =>
          file.imports
            .map((specifier) => resolveRelative(file, specifier))
            .filter((target) => target !== undefined && !target.startsWith(`${folder}/`))
            .map((target) => `${file.path} → ${target}`),
        ),
    );
    expect(escaping).toEqual([]);
  });
});

describe("folders of a package", () => {
  it.each(folders)("of %s import each other in one direction", (folder) => {
    expect(cyclesBetween(folderArrows(`${folder}/src`, filesIn(folder, "src")))).toEqual([]);
  });

  it("that are features import no other feature, and only the composition imports them", () => {
    const featureOf = (path: string) => /^(apps\/[^/]+\/src\/features\/[^/]+)\//.exec(path)?.[1];
    const offences = files.flatMap((file) =>
      file.imports.flatMap((specifier) => {
        const target = featureOf(resolveRelative(file, specifier) ?? "");
        const isFree =
          target === undefined || target === featureOf(file.path) || MAY_IMPORT_FEATURES.test(file.path);
        return isFree ? [] : [`${file.path} → ${target}`];
      }),
    );
    expect(offences).toEqual([]);
  });
});

describe("the worker", () => {
  it("has four runtime dependencies", () => {
    const { dependencies } = manifestOf("packages/discord-gateway-worker");
    expect(Object.keys(dependencies ?? {}).toSorted()).toEqual(WORKER_RUNTIME_DEPENDENCIES);
  });
});

describe("pure cores", () => {
  it("use no clock, chance, timer, environment or waiting", () => {
    const offences = files
      .filter((file) => PURE.some((pattern) => pattern.test(file.path)))
      .flatMap((file) => {
        const offence = IMPURE.exec(withoutComments(file.text));
        return offence === null ? [] : [`${file.path}: ${offence[0]}`];
      });
    expect(offences).toEqual([]);
  });
});

describe("files", () => {
  it("are named for what is in them", () => {
    const offences = files.filter((file) => FORBIDDEN_NAMES.test(file.path.split("/").at(-1) ?? ""));
    expect(offences.map((file) => file.path)).toEqual([]);
  });

  it(`have at most ${LINES_MAX.src} lines, tests ${LINES_MAX.test}`, () => {
    const bound = (file: SourceFile) => (file.path.includes("/test/") ? LINES_MAX.test : LINES_MAX.src);
    const long = files.filter((file) => file.text.split("\n").length > bound(file));
    expect(long.map((file) => file.path)).toEqual([]);
  });

  it("are all used", () => {
    const used = new Set(
      files.flatMap((file) => file.imports.flatMap((specifier) => resolveRelative(file, specifier) ?? [])),
    );
    const entry =
      /(\/src\/(index|(?:database|process)\/index|main|loop\/watchdog-thread|cli|demo|dev|server|router|chaos|replica|skewed-clock|server\/main|react\/index|testing\/index)\.tsx?|^examples\/receivers\/(src\/[^/]+|src\/app\/.*\/route|test\/next-process)\.ts|\/routes\/.*\.tsx?|\.test\.tsx?|\.(config|d)\.ts|\/vite-[a-z]+\.ts|(tally-reporter|soak|generate-docs|release|start|try-receiver|turbo)\.ts)$/;
    const dead = files.filter((file) => !entry.test(file.path) && !used.has(file.path));
    expect(dead.map((file) => file.path)).toEqual([]);
  });

  it("hold no leftovers of a merge", () => {
    expect(files.filter((file) => /^(<{7}|>{7}) /m.test(file.text)).map((file) => file.path)).toEqual([]);
  });
});
