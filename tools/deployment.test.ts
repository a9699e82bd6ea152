/** What is deployed by hand-written files: do they parse, and do they say the same as the code they start? */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ValidationCode, ValidationSeverity, validate } from "dockerfile-utils";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { REPOSITORY } from "./source-tree.ts";

const read = (path: string): string => readFileSync(join(REPOSITORY, path), "utf8");

/** Every variable that a process reads, the commented ones included. */
const KNOWN = new Set(
  Array.from(read(".env.example").matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=/gm), ([, name]) => name),
);
/** Read by the image, by Node or by the platform. */
const OF_THE_PLATFORM = new Set(["NODE_ENV", "GUILDWIRE_SERVICE", "GIT_COMMIT"]);

function unknown(names: Iterable<string>): readonly string[] {
  return [...names].filter((name) => !KNOWN.has(name) && !OF_THE_PLATFORM.has(name));
}

describe("the Dockerfile", () => {
  const text = read("Dockerfile");

  it("has nothing that Docker's linter objects to", () => {
    const severity = ValidationSeverity.ERROR;
    const problems = validate(text, {
      instructionWorkdirRelative: severity,
      instructionCmdMultiple: severity,
    }).filter(
      // Each stage may have a command and a check of its own.
      ({ code }) => code !== ValidationCode.MULTIPLE_INSTRUCTIONS,
    );
    expect(problems.map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
  });

  it("ends with the worker's image, so that a build without a target makes it", () => {
    expect(text).toMatch(/^ARG GUILDWIRE_SERVICE=worker$/m);
    expect(text.trimEnd()).toMatch(/\nFROM \$\{GUILDWIRE_SERVICE\}$/);
  });

  it("runs no image as root, and each as process 1", () => {
    const stages = text.split(/^FROM /m).filter((stage) => /^runtime AS /.test(stage));
    expect(stages).toHaveLength(3);
    expect(text).toMatch(/FROM node:26-slim AS runtime[\s\S]*?\nUSER node\n/);
    for (const stage of stages) {
      expect(stage).toMatch(/\nCMD \["node", /);
      expect(stage).toMatch(/\nHEALTHCHECK /);
      expect(stage).not.toMatch(/\nUSER /);
    }
  });

  it("has the version of pnpm that the workspace names", () => {
    const { packageManager } = JSON.parse(read("package.json")) as { packageManager: string };
    expect(text).toContain(`npm install --global ${packageManager}`);
  });
});

interface ComposeService {
  readonly build?: { readonly target: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly read_only?: boolean;
  readonly profiles?: readonly string[];
  readonly image?: string;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
}

describe("compose.yaml", () => {
  const { services, volumes } = parse(read("compose.yaml"), { merge: true }) as {
    services: Readonly<Record<string, ComposeService>>;
    volumes: object;
  };

  it("starts worker and hub unless told otherwise", () => {
    const always = Object.entries(services).filter(([, { profiles }]) => profiles === undefined);
    expect(always.map(([name]) => name).toSorted()).toEqual(["hub", "worker"]);
    expect(Object.keys(volumes)).toEqual(expect.arrayContaining(["hub-data", "worker-data"]));
  });

  it("builds stages that the Dockerfile has", () => {
    const targets = Object.values(services).flatMap(({ build }) => build?.target ?? []);
    expect(targets.filter((target) => !read("Dockerfile").includes(` AS ${target}\n`))).toEqual([]);
  });

  it.each(Object.keys(services))("gives %s no variable that nobody reads, and a read-only root", (name) => {
    const service = services[name];
    if (service?.build !== undefined) expect(unknown(Object.keys(service.environment ?? {}))).toEqual([]);
    expect(service?.read_only).toBe(true);
  });

  it("has in deploy/simulator.env what it asks for", () => {
    const asked = Array.from(read("compose.yaml").matchAll(/\$\{([A-Z_]+):\?/g), ([, name]) => name);
    const given = new Set(
      Array.from(read("deploy/simulator.env").matchAll(/^([A-Z_]+)=./gm), ([, name]) => name),
    );
    expect(asked.filter((name) => !given.has(name))).toEqual([]);
  });
});

describe("the profile observe", () => {
  const { services, volumes } = parse(read("compose.yaml"), { merge: true }) as {
    services: Readonly<Record<string, ComposeService>>;
    volumes: Readonly<Record<string, null>>;
  };
  const observers = Object.entries(services).filter(([, { profiles }]) => profiles?.includes("observe"));
  const mountsOf = (name: string) => (services[name]?.volumes ?? []).map((volume) => volume.split(":"));

  it("is Prometheus and Grafana", () => {
    expect(observers.map(([name]) => name)).toEqual(["prometheus", "grafana"]);
  });

  it.each(observers)("pins %s by version, for this machine alone", (_, { image, ports }) => {
    expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
    for (const port of ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it.each(observers)("gives %s files that are there, read-only, and keeps the rest in a volume", (name) => {
    for (const [from = "", , mode] of mountsOf(name)) {
      if (from.startsWith("./")) {
        expect(existsSync(join(REPOSITORY, from))).toBe(true);
        expect(mode).toBe("ro");
      } else {
        expect(Object.keys(volumes)).toContain(from);
      }
    }
  });

  it("gives Prometheus what its script reads, and nothing else", () => {
    const script = read("ops/prometheus.sh");
    const given = Object.keys(services["prometheus"]?.environment ?? {});
    expect(given.filter((name) => !script.includes(`\${${name}:-`))).toEqual([]);
    const asked = new Set(Array.from(script.matchAll(/\$\{(PROMETHEUS_\w+):-/g), ([, name]) => name));
    expect(new Set(given)).toEqual(asked);
    // Where the script looks for what it copies.
    const places = mountsOf("prometheus").map(([, to = ""]) => to);
    for (const file of ["prometheus.sh", "prometheus.yml", "alerts.yml"])
      expect(places).toContain(`/etc/guildwire/${file}`);
  });

  it("reads worker and hub by the names and ports that they have here", () => {
    const { scrape_configs: jobs } = parse(read("ops/prometheus.yml")) as {
      scrape_configs: readonly {
        readonly static_configs: readonly { readonly targets: readonly string[] }[];
      }[];
    };
    const targets = jobs.flatMap((job) => job.static_configs.flatMap((config) => config.targets));
    for (const target of targets) {
      const [name = "", port = ""] = target.split(":");
      expect(services[name]?.ports?.[0]).toMatch(new RegExp(`:${port}$`));
    }
    expect(targets).toHaveLength(2);
  });

  it("shows Grafana where Prometheus and the dashboards are", () => {
    const { datasources } = parse(read("ops/grafana/provisioning/datasources/prometheus.yml")) as {
      datasources: readonly { readonly url: string }[];
    };
    expect(datasources.map(({ url }) => url)).toEqual(["http://prometheus:9090"]);
    const { providers } = parse(read("ops/grafana/provisioning/dashboards/guildwire.yml")) as {
      providers: readonly { readonly options: { readonly path: string } }[];
    };
    const mounted = new Map(mountsOf("grafana").map(([from = "", to = ""]) => [to, from]));
    const folder = providers[0]?.options.path ?? "";
    expect(mounted.get(folder)).toBe("./ops/grafana/dashboards");
    const home = services["grafana"]?.environment?.["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"] ?? "";
    expect(existsSync(join(REPOSITORY, home.replace(folder, "ops/grafana/dashboards")))).toBe(true);
  });
});

describe("render.yaml", () => {
  const { services } = parse(read("render.yaml")) as {
    services: readonly { readonly name: string; readonly envVars: readonly { readonly key: string }[] }[];
  };

  it.each(services.map((service) => [service.name, service] as const))(
    "gives %s variables it reads",
    (_, service) => {
      expect(unknown(service.envVars.map(({ key }) => key))).toEqual([]);
    },
  );
});

interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: object;
  readonly spec?: { readonly template?: { readonly spec: { readonly containers: readonly Container[] } } };
}

interface Container {
  readonly env: readonly { readonly name: string }[];
  readonly livenessProbe: { readonly httpGet: { readonly path: string } };
}

describe("the Kubernetes example", () => {
  const documents = parseAllDocuments(read("deploy/kubernetes/guildwire.yaml"));
  const objects = documents.map((document) => document.toJS() as KubernetesObject);

  it("parses without a complaint", () => {
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      "ConfigMap guildwire",
      "StatefulSet guildwire-worker",
      "StatefulSet guildwire-hub",
      "Service guildwire-hub",
      "Service guildwire-worker",
    ]);
  });

  it("gives variables that are read, and restarts nothing because Discord is away", () => {
    const containers = objects.flatMap(({ spec }) => spec?.template?.spec.containers ?? []);
    expect(unknown(containers.flatMap(({ env }) => env.map(({ name }) => name)))).toEqual([]);
    expect(unknown(objects.flatMap(({ data }) => Object.keys(data ?? {})))).toEqual([]);
    expect(containers.map(({ livenessProbe }) => livenessProbe.httpGet.path)).toEqual(["/live", "/api/live"]);
  });
});

describe("systemd units", () => {
  it.each(readdirSync(join(REPOSITORY, "deploy/systemd")))(
    "%s does not restart what a person must fix",
    (name) => {
      const unit = read(`deploy/systemd/${name}`);
      expect(unit).toMatch(/^Restart=on-failure$/m);
      expect(unit).toMatch(/^RestartPreventExitStatus=78$/m);
      expect(unit).toMatch(/^TimeoutStopSec=20$/m);
    },
  );
});
