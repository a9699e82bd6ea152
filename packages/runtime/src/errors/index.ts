export { ERROR_CODES, type ErrorCode, type ErrorName } from "./error-code.ts";
export { EXIT, type ExitCode } from "./exit-code.ts";
export { codeList, explanationOf } from "./explanation-text.ts";
export { EXPLANATIONS } from "./explanations.ts";
export { crashed, ProcessError } from "./process-error.ts";
export type { Explanation } from "./prose.ts";
