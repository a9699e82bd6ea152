export { SmallDisk } from "./small-disk.ts";
