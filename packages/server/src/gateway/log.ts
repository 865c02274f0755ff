import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino';

/** Writes JSON, one line for each event that an operator may have to act on. No line contains credentials. */
export function gatewayLog(level: string, to?: DestinationStream): Logger {
  const options = {
    level,
    redact: ['*.authorization', '*.headers'],
    serializers: { err: described },
  };
  return to === undefined ? pino(options) : pino(options, to);
}

/** An error without the fields that a library has added: a client of Redis adds the command, with its password. */
function described(error: Error): object {
  const { type, message, stack } = stdSerializers.err(error);
  const { code } = error as { readonly code?: unknown };
  return { type, message, stack, ...(typeof code === 'string' && { code }) };
}
