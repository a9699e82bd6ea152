export { choosePort, choosePorts, type Ports } from "./port.ts";
export {
  demoStack,
  hubEndpoint,
  REPOSITORY,
  type StackOptions,
  simCredentials,
  type WorldOptions,
} from "./stack.ts";
export { type ProcessNews, type ProcessSpec, SupervisedProcess } from "./supervised-process.ts";
export { onEnd, Supervisor } from "./supervisor.ts";
export { say } from "./terminal.ts";
