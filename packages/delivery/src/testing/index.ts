export { createMemoryStore, emptyDisk, type MemoryDisk } from "../store/memory-store.ts";
export { type StoreCheck, type StoreUnderTest, storeChecks } from "./conformance.ts";
