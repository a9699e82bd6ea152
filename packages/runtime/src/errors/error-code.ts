/**
 * Every way in which a process of Guildwire can fail, once: what it is called in logs, exit messages and health, and
 * what a supervisor should do about it. A code is never given another meaning. `explanations.ts` says what to do about
 * each, and docs/errors.md is made of both (`pnpm docs:generate`).
 */
import { EXIT, type ExitCode } from "./exit-code.ts";

export interface ErrorCode {
  readonly code: `E${number}`;
  readonly name: string;
  /** Of the process where it ends for this, and of `check` in any case. */
  readonly exitCode: ExitCode;
  /** `starting`: before anything connects. `never`: it is logged and the process goes on. */
  readonly ends: "starting" | "running" | "never";
}

export const ERROR_CODES = {
  discordUnreachable: {
    code: "E001",
    name: "Discord connection failed",
    exitCode: EXIT.restartMe,
    ends: "running",
  },
  tokenRefused: { code: "E002", name: "authentication failed", exitCode: EXIT.fixMe, ends: "running" },
  rateLimited: { code: "E003", name: "rate limited", exitCode: EXIT.restartMe, ends: "never" },
  storageFailed: { code: "E004", name: "storage error", exitCode: EXIT.restartMe, ends: "running" },
  crashed: { code: "E005", name: "process crashed", exitCode: EXIT.bug, ends: "running" },
  intentsRefused: {
    code: "E006",
    name: "missing permission or intent",
    exitCode: EXIT.fixMe,
    ends: "running",
  },
  shardInvalid: { code: "E007", name: "invalid shard configuration", exitCode: EXIT.fixMe, ends: "running" },
  memoryLimit: { code: "E008", name: "memory limit", exitCode: EXIT.restartMe, ends: "never" },
  diskFull: { code: "E009", name: "disk full", exitCode: EXIT.restartMe, ends: "running" },
  connectionLimit: {
    code: "E010",
    name: "connection limit reached",
    exitCode: EXIT.restartMe,
    ends: "never",
  },
  configurationInvalid: {
    code: "E011",
    name: "configuration invalid",
    exitCode: EXIT.fixMe,
    ends: "starting",
  },
  // In a rolling deploy the old process holds it until it has ended: a restart helps.
  dataDirectoryLocked: {
    code: "E012",
    name: "data directory in use",
    exitCode: EXIT.restartMe,
    ends: "starting",
  },
  hubUnreachable: { code: "E013", name: "hub unreachable", exitCode: EXIT.restartMe, ends: "never" },
  signatureRefused: {
    code: "E014",
    name: "signature refused by the hub",
    exitCode: EXIT.fixMe,
    ends: "never",
  },
  identifyBudgetSpent: {
    code: "E015",
    name: "identify budget spent",
    exitCode: EXIT.restartMe,
    ends: "never",
  },
  notInGuild: { code: "E016", name: "bot is not in the guild", exitCode: EXIT.fixMe, ends: "never" },
  portTaken: { code: "E017", name: "port taken", exitCode: EXIT.fixMe, ends: "starting" },
  runtimeTooOld: { code: "E018", name: "Node.js too old", exitCode: EXIT.fixMe, ends: "starting" },
  protocolRefused: {
    code: "E019",
    name: "API version refused by Discord",
    exitCode: EXIT.fixMe,
    ends: "running",
  },
  dataDirectoryUnusable: {
    code: "E020",
    name: "data directory unusable",
    exitCode: EXIT.fixMe,
    ends: "starting",
  },
  eventParked: { code: "E021", name: "event refused by the hub", exitCode: EXIT.bug, ends: "never" },
  outboxCompacted: { code: "E022", name: "outbox full", exitCode: EXIT.restartMe, ends: "never" },
  endpointWrong: { code: "E023", name: "hub endpoint wrong", exitCode: EXIT.fixMe, ends: "never" },
  stuck: { code: "E024", name: "process stuck", exitCode: EXIT.bug, ends: "running" },
  clockWrong: { code: "E025", name: "clock is wrong", exitCode: EXIT.fixMe, ends: "never" },
  userToken: { code: "E026", name: "token of a user account", exitCode: EXIT.fixMe, ends: "never" },
  databaseUnreadable: { code: "E027", name: "database unreadable", exitCode: EXIT.fixMe, ends: "running" },
} as const satisfies Record<string, ErrorCode>;

export type ErrorName = keyof typeof ERROR_CODES;
