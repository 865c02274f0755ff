import { pino, type Logger } from 'pino';

/** JSON, a line for each event that somebody may have to act on. Nothing in it signs anybody in. */
export function gatewayLog(level: string): Logger {
  return pino({ level, redact: ['*.authorization', '*.headers', 'err.request'] });
}
