/** The fixture files, with their shapes as fixtures/README.md tells them. */
import { readFileSync } from "node:fs";
import type { Entry, Op } from "../src/op.ts";

export type Json = Readonly<Record<string, unknown>>;

export interface DigestFixture {
  readonly hashes: readonly { readonly text: string; readonly h32: number }[];
  readonly maps: readonly {
    readonly name: string;
    readonly entries: readonly (readonly [key: string, rev: number])[];
    readonly digest: number;
  }[];
}

export interface CopyExpectation {
  readonly follows: boolean;
  readonly position: { readonly e: string; readonly o: number } | null;
  readonly digest: number;
  readonly map: Json;
}

export interface ReplicaStepFixture {
  readonly at?: number;
  readonly frame?: Json | readonly Json[];
  readonly lost?: true;
  readonly asks?: Json;
  readonly givesUp?: true;
  readonly copy?: CopyExpectation;
}

export interface ReplicaFixture {
  readonly topic: string;
  readonly scenarios: readonly { readonly name: string; readonly steps: readonly ReplicaStepFixture[] }[];
}

interface TopicOps {
  readonly topic: string;
  readonly at: number;
  readonly ops: readonly Op[];
}

export interface ConnectionStepFixture {
  readonly client?: Json;
  readonly binary?: true;
  readonly silence?: number;
  readonly commit?: TopicOps;
  readonly restart?: TopicOps & { readonly epoch: string };
  readonly tick?: true;
  readonly hub?: readonly Json[];
  readonly hubCount?: number;
  readonly close?: number;
}

export interface ConnectionFixture {
  readonly epoch: string;
  readonly forbiddenTopics: readonly string[];
  readonly scenarios: readonly { readonly name: string; readonly steps: readonly ConnectionStepFixture[] }[];
}

export interface MalformedFixture {
  readonly fromHub: readonly {
    readonly name: string;
    readonly text: string;
    readonly is: "messages" | "notHub1";
  }[];
  readonly fromClient: readonly {
    readonly name: string;
    readonly text: string;
    readonly answer: { readonly close: number } | { readonly err: Json };
  }[];
}

export interface DeltaFixture {
  readonly f: number;
  readonly o: number;
  readonly at: number;
  readonly ops: readonly Op[];
}

export interface SquashFixture {
  readonly cases: readonly {
    readonly name: string;
    readonly deltas: readonly DeltaFixture[];
    readonly squashed: DeltaFixture;
  }[];
}

export interface PagesFixture {
  readonly cases: readonly {
    readonly name: string;
    readonly entries: { readonly count: number; readonly valueCharacters: number };
    readonly pages: readonly number[];
  }[];
}

interface Fixtures {
  readonly digest: DigestFixture;
  readonly replica: ReplicaFixture;
  readonly connection: ConnectionFixture;
  readonly malformed: MalformedFixture;
  readonly squash: SquashFixture;
  readonly pages: PagesFixture;
}

export function fixture<Name extends keyof Fixtures>(name: Name): Fixtures[Name] {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), "utf8"));
}

/** What `pages.json` describes, so that it need not be spelt out. */
export function entriesLike({ count, valueCharacters }: PagesFixture["cases"][number]["entries"]): Entry[] {
  return Array.from({ length: count }, (_, index) => [`u:${index}`, "x".repeat(valueCharacters), 1]);
}
