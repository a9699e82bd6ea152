#!/usr/bin/env node
import { existsSync } from "node:fs";

// In a package the built file is there; in a checkout, before a build, Node reads the source itself.
const built = new URL("../dist/cli.js", import.meta.url);
await import(existsSync(built) ? built.href : new URL("../src/cli.ts", import.meta.url).href);
