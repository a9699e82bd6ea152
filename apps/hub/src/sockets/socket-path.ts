/** Where browsers connect; any other upgrade is refused. */
export const SOCKET_PATH = "/ws";
