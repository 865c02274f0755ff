import { UsageError } from '../usage-error.ts';

/** A place to listen: `127.0.0.1:4873`, `[::1]:0`. */
export function listenPlace(
  text: string,
  command: string,
  option = 'listen',
): { readonly host: string; readonly port: number } {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined || Number(port) > 65_535)
    throw new UsageError(`--${option} must be HOST:PORT`, command);
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}
