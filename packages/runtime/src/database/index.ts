export {
  type DatabaseFile,
  type OpenOptions,
  openDatabase,
  openWith,
  probeDatabase,
  storageError,
} from "./open-database.ts";
export {
  StorageError,
  type StorageErrorCode,
  storageErrorCode,
  storageFailureOf,
} from "./storage-error.ts";
