/* GOPROXY, as cmd/go/internal/modfetch/proxy.go reads and walks it (go 1.24). */
import { isAbsolute } from 'node:path';

export interface ProxyEntry {
  /** `direct`, `off`, or the address of a module proxy: http, https or file. */
  readonly address: string;
  /** Whether `|` follows it. Then go asks the next entry after any error, not only after "not found". */
  readonly onAnyError: boolean;
}

/** An entry cannot be used. go also ends with an error then. */
export class ProxyListError extends Error {
  readonly code = 'GOPROXY_INVALID';
}

/** @throws ProxyListError for a list that go rejects too. Its message omits the address, which may contain a password. */
export function parseProxyList(text: string): readonly ProxyEntry[] {
  const entries: ProxyEntry[] = [];
  for (const [, entryText = '', separator] of text.matchAll(/([^,|]*)([,|]|$)/g)) {
    const address = entryText.trim();
    if (address === '') continue;
    const onAnyError = separator === '|';
    if (address === 'direct' || address === 'off') {
      // go ignores the entries after these.
      entries.push({ address, onAnyError: false });
      break;
    }
    entries.push({ address: fullAddress(address), onAnyError });
  }
  if (entries.length === 0) throw new ProxyListError('GOPROXY names no proxy');
  return entries;
}

function fullAddress(entryText: string): string {
  const bare = /[.:/]/.test(entryText) && !entryText.includes(':/') && !isAbsolute(entryText);
  const text = bare ? `https://${entryText}` : entryText;
  if (!URL.canParse(text)) throw new ProxyListError('an entry of GOPROXY is not a URL');
  const url = new URL(text);
  if (url.protocol === 'file:') {
    if (url.host !== '' || url.search !== '' || url.hash !== '')
      throw new ProxyListError('an entry file: of GOPROXY has more than a path');
  } else if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ProxyListError('an entry of GOPROXY is neither http, https nor file');
  } else if (url.protocol === 'http:' && url.username + url.password !== '') {
    throw new ProxyListError('an entry http: of GOPROXY has a password, which go does not send');
  }
  return url.href.replace(/\/$/, '');
}

/** The answer to a request for a file of a module. */
export interface ModuleProxyAnswer {
  readonly status: number;
  readonly body: Buffer;
  /** Where the body came from, for messages. It may contain a password: redact it. */
  readonly source: string;
}

/** Whether go treats the file as missing, and asks the next entry. */
export function hasNoModule({ status }: ModuleProxyAnswer): boolean {
  return status === 404 || status === 410;
}

/** Ranks the errors of several entries as go does, which shows the highest one. */
function rankOf({ address }: ProxyEntry, answer: ModuleProxyAnswer): number {
  if (address === 'direct') return 2;
  return hasNoModule(answer) ? 0 : 1;
}

/** Asks the entries in turn as go does. Resolves to the first answer with status 200, else to the error that go would show. */
export async function walk(
  list: readonly ProxyEntry[],
  ask: (entry: ProxyEntry) => Promise<ModuleProxyAnswer>,
): Promise<ModuleProxyAnswer> {
  let best: ModuleProxyAnswer | undefined;
  let bestRank = -1;
  for (const entry of list) {
    // oxlint-disable-next-line no-await-in-loop -- the next entry is asked only if this one does not have the file
    const answer = await ask(entry);
    if (answer.status === 200) return answer;
    const rank = rankOf(entry, answer);
    if (rank >= bestRank) {
      best = answer;
      bestRank = rank;
    }
    if (!entry.onAnyError && !hasNoModule(answer)) break;
  }
  return best ?? { status: 404, body: Buffer.from('not found'), source: '' };
}
