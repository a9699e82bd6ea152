export { type CheckedReceiver, type ReceiverCheck, receiverChecks } from "./receiver-checks.ts";
export { type Told, ToldStory } from "./told-story.ts";
