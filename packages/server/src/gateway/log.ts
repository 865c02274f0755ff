import { destination, pino, stdSerializers, type DestinationStream, type Logger } from 'pino';

/** The most characters of lines that wait until standard output takes them. */
const WAITING_MAX = 16 * 1024 * 1024;

/** Writes JSON, one line for each event that an operator may have to act on. No line contains credentials. */
export function gatewayLog(level: string, to?: DestinationStream): Logger {
  const options = {
    level,
    redact: ['*.authorization', '*.headers'],
    serializers: { err: described },
  };
  // A reader of the log that is slow or hangs must not stop the gateway: lines wait in memory, and are lost above the limit.
  const own = (): DestinationStream =>
    destination({ dest: 1, sync: false, maxLength: WAITING_MAX });
  return pino(options, to ?? own());
}

/** An error without the fields that a library has added, which could contain credentials. */
function described(error: Error): object {
  const { type, message, stack } = stdSerializers.err(error);
  const { code } = error as { readonly code?: unknown };
  return { type, message, stack, ...(typeof code === 'string' && { code }) };
}
