import { pino, type DestinationStream, type Logger } from 'pino';

/** JSON, a line for each event that somebody may have to act on. Nothing in it signs anybody in. */
export function gatewayLog(level: string, to?: DestinationStream): Logger {
  const options = { level, redact: ['*.authorization', '*.headers', 'err.request'] };
  return to === undefined ? pino(options) : pino(options, to);
}
