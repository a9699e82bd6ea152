/**
 * What the documents name has to be there: pages and their sections, files, error codes, variables, metrics, events of the
 * log, scripts, commands. A name that is given up makes this fail until nobody is told of it any more.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "../packages/runtime/src/errors/index.ts";
import { type Document, filesNamed, readDocument, type Snippet } from "./documents.ts";
import { manifestOf, REPOSITORY } from "./source-tree.ts";

const documents = filesNamed((name) => name.endsWith(".md")).map(readDocument);
const byPath = new Map(documents.map((document) => [document.path, document]));

/** Everything that is no document and no test: what a name in a document may refer to. */
const sources = filesNamed((name) =>
  /\.(tsx?|mjs|json|ya?ml|py|html|css|js|sh|service|env|conf)$|^Dockerfile$|^\.env/.test(name),
)
  .filter((path) => !/(^|\/)test\/|\.test\.tsx?$|pnpm-lock|\.gen\.ts$/.test(path))
  .map((path) => readFileSync(join(REPOSITORY, path), "utf8"));
const words = new Set(sources.flatMap((text) => text.match(/[A-Za-z0-9_]+/g) ?? []));
const quoted = new Set(sources.flatMap((text) => text.match(/(?<=["'`])[a-z0-9_]+(?=["'`])/g) ?? []));

/** Names of others, and names that are wrong, or not there yet, on purpose. */
const FOREIGN = new Set([
  "RAILWAY_RUN_UID",
  "NODE_EXTRA_CA_CERTS",
  "OUTBOX_ROW_MAX",
  "HUB_CONNECTION_MAX",
  "VOICE_CHANNEL_EFFECT_SEND",
]);

/** A decision tells of what was at the time, names that have gone among it. */
const current = documents.filter(({ path }) => !path.startsWith("docs/decisions/"));

const problems = (
  check: (document: Document) => readonly (readonly [Snippet, string])[],
): readonly string[] =>
  current.flatMap((document) =>
    check(document).map(([{ line }, problem]) => `${document.path}:${line}: ${problem}`),
  );

describe("a link", () => {
  it("leads to a file, and to a section of it", () => {
    const dead = documents.flatMap(({ path, anchors, links }) =>
      links
        .filter(({ target }) => !/^[a-z]+:/.test(target))
        .filter(({ target }) => {
          const [file = "", anchor] = target.split("#");
          const reached = file === "" ? path : normalize(join(dirname(path), file));
          if (!existsSync(join(REPOSITORY, reached))) return true;
          if (anchor === undefined) return false;
          const sections = file === "" ? anchors : byPath.get(reached)?.anchors;
          return sections === undefined || !sections.has(anchor);
        })
        .map(({ target, line }) => `${path}:${line}: ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it("leads to every page of docs/, from the index of docs/", () => {
    const index = byPath.get("docs/README.md");
    const reached = new Set(index?.links.map(({ target }) => target.split("#")[0]));
    const pages = documents
      .map(({ path }) => /^docs\/([^/]+\.md)$/.exec(path)?.[1])
      .filter((name) => name !== undefined);
    expect(pages.filter((name) => name !== "README.md" && !reached.has(name))).toEqual([]);
  });
});

describe("a name", () => {
  it("of an error code has its section", () => {
    const known = new Set<string>(Object.values(ERROR_CODES).map(({ code }) => code));
    const unknown = documents.flatMap(({ path, text }) =>
      [...text.matchAll(/\bE0\d\d\b/g)]
        .map(([code]) => [path, code] as const)
        .filter(([, code]) => !known.has(code)),
    );
    expect(unknown).toEqual([]);
  });

  it("in capitals is a variable, or a word of Discord's that the code knows", () => {
    const names = ({ inlineCode, codeLines }: Document) => [
      ...inlineCode.flatMap((snippet) => matches(snippet, /^([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?==|$)/g)),
      ...codeLines.flatMap((snippet) => matches(snippet, /(?:^|\s)([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)=/g)),
    ];
    expect(
      problems((document) => names(document).filter(([, name]) => !words.has(name) && !FOREIGN.has(name))),
    ).toEqual([]);
  });

  it("in small letters with lines below is a metric, an event of the log, or another word of the code", () => {
    const isKnown = (name: string) => words.has(name) || isMetric(name);
    expect(
      problems(({ inlineCode }) =>
        inlineCode
          .flatMap((snippet) => matches(snippet, /^([a-z][a-z0-9]*(?:_[a-z0-9]+)+)$/g))
          .filter(([, name]) => !isKnown(name)),
      ),
    ).toEqual([]);
  });

  it("with capitals inside is a word of the code: a field, an outcome, a function", () => {
    const isKnown = (name: string) => name.split(".").every((part) => words.has(part));
    expect(
      problems(({ inlineCode }) =>
        inlineCode
          .flatMap((snippet) =>
            matches(snippet, /^((?:\w+\.)*[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)+(?:\.\w+)*)(?:\(.*\))?$/g),
          )
          .filter(([, name]) => !isKnown(name)),
      ),
    ).toEqual([]);
  });

  it("of a file in the repository is there", () => {
    const PATH = /^((?:packages|apps|internal|docs|tools|examples|deploy|bench|ops)\/[\w./$@{},-]+)$/g;
    expect(
      problems(({ inlineCode }) =>
        inlineCode
          .flatMap((snippet) => matches(snippet, PATH))
          .filter(([, path]) => !/[{}$]|NNNN/.test(path) && !existsSync(join(REPOSITORY, path))),
      ),
    ).toEqual([]);
  });

  it("of a source file, however much of its path is given, is that of one that is there", () => {
    const files = filesNamed((name) => /\.(tsx?|mjs)$/.test(name));
    const isThere = (path: string) => files.some((file) => file === path || file.endsWith(`/${path}`));
    expect(
      problems(({ inlineCode }) =>
        inlineCode
          .flatMap((snippet) => matches(snippet, /^(?:\.\.?\/)*([\w./-]+\.(?:tsx?|mjs))$/g))
          .filter(([, path]) => !isThere(path)),
      ),
    ).toEqual([]);
  });

  it("of a path of the hub's or the worker's is served", () => {
    const served = filesNamed((name) => /\.tsx?$/.test(name))
      .filter((path) => /^(packages|apps|examples)\/[^/]+\/src\//.test(path))
      .map((path) => readFileSync(join(REPOSITORY, path), "utf8"))
      .join("\n");
    const paths = ({ inlineCode }: Document) =>
      inlineCode.flatMap((snippet) => matches(snippet, /^(?:GET |POST )?(\/api\/[\w/-]+)/g));
    expect(
      problems((document) =>
        paths(document).filter(([, path]) => !served.includes(path.replace(/\/voice\/.*/, ""))),
      ),
    ).toEqual([]);
  });
});

describe("a command", () => {
  /** pnpm's own. */
  const OWN = [
    "install",
    "exec",
    "add",
    "pack",
    "fetch",
    "deploy",
    "audit",
    "publish",
    "dlx",
    "outdated",
    "run",
  ];

  it("of pnpm is a script of the root, or pnpm's own", () => {
    const { scripts = {} } = manifestOf(".");
    const RUN = /(?:^|[\s(])(?:npx -y )?pnpm(?:@12(?:\.[\d.]+)?)? (?!--)([a-z][a-z0-9:]*)/g;
    const isKnown = (name: string) => Object.hasOwn(scripts, name) || OWN.includes(name);
    const commands = ({ inlineCode, codeLines }: Document) =>
      [...inlineCode, ...codeLines].flatMap((snippet) => matches(snippet, RUN));
    expect(problems((document) => commands(document).filter(([, name]) => !isKnown(name)))).toEqual([]);
  });

  it.each([
    [
      "worker",
      "packages/discord-gateway-worker/src/command/",
      /(?:pnpm(?:@12)? worker|node dist\/main\.js) ([a-z-]+)/g,
    ],
    ["hub", "apps/hub/src/command/", /(?:pnpm(?:@12)? hub|node dist\/server\/main\.js) ([a-z-]+)/g],
  ])("of the %s is one that it has", (_, folder, pattern) => {
    const source = filesNamed((name) => name.endsWith(".ts"))
      .filter((path) => path.startsWith(folder))
      .map((path) => readFileSync(join(REPOSITORY, path), "utf8"))
      .join("\n");
    const commands = ({ inlineCode, codeLines }: Document) =>
      [...inlineCode, ...codeLines].flatMap((snippet) => matches(snippet, pattern));
    expect(current.flatMap(commands)).not.toEqual([]);
    expect(
      problems((document) => commands(document).filter(([, name]) => !source.includes(`"${name}"`))),
    ).toEqual([]);
  });
});

function matches(snippet: Snippet, pattern: RegExp): (readonly [Snippet, string])[] {
  return [...snippet.text.matchAll(pattern)].map(([, name = ""]) => [snippet, name] as const);
}

/** The source says `counter("gateway_dials")`, or puts a prefix before it; readers see `guildwire_gateway_dials_total`. */
function isMetric(name: string): boolean {
  const family = name.replace(/^guildwire_(?:hub_)?/, "");
  const names = [family, family.replace(/_(?:bucket|sum|count|total|seconds)$/, "")];
  return names.some(
    (one) => [one, `guildwire_${one}`, `hub_${one}`].some((full) => quoted.has(full)) || words.has(`_${one}`),
  );
}

describe("a decision", () => {
  it("has a number of its own, and bears it", () => {
    const decisions = documents.filter(({ path }) => /^docs\/decisions\/\d/.test(path));
    const numbers = decisions.map(({ path }) =>
      path.slice("docs/decisions/".length, "docs/decisions/".length + 4),
    );
    expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
    const misnamed = decisions.filter(
      ({ path }, index) => !readFileSync(join(REPOSITORY, path), "utf8").startsWith(`# ${numbers[index]} `),
    );
    expect(misnamed.map(({ path }) => path)).toEqual([]);
  });
});
