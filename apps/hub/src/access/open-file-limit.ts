/**
 * How many sockets this process may hold before the system refuses it files: one descriptor each, and a tenth for
 * everything else. The report is the one place where Node tells the limit; it is read once, at the start.
 * Source: https://nodejs.org/api/report.html
 */
const SHARE_FOR_SOCKETS = 0.9;

/** `undefined` where there is no limit, or none that can be told (Windows). */
export function socketsAllowedBySystem(): number | undefined {
  const { userLimits } = process.report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly soft: number | "unlimited" } };
  };
  const soft = userLimits?.open_files?.soft;
  return typeof soft === "number" ? Math.floor(soft * SHARE_FOR_SOCKETS) : undefined;
}
