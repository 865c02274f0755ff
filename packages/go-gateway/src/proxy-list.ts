/* GOPROXY, as cmd/go/internal/modfetch/proxy.go reads and walks it (go 1.24). */
import { isAbsolute } from 'node:path';

/** One entry of the list. */
export interface ProxyEntry {
  /** `direct`, `off`, or the address of a module proxy: http, https or file. */
  readonly address: string;
  /** Followed by `|`: after any error the next one is asked. */
  readonly onAnyError: boolean;
}

/** An entry cannot be used: go ends with an error as well. */
export class ProxyListError extends Error {
  readonly code = 'GOPROXY_INVALID';
}

/** @throws ProxyListError for a list that go does not take either. The address is not in its message: it may hold a password. */
export function parseProxyList(text: string): readonly ProxyEntry[] {
  const entries: ProxyEntry[] = [];
  for (const [, given = '', separator] of text.matchAll(/([^,|]*)([,|]|$)/g)) {
    const address = given.trim();
    if (address === '') continue;
    const onAnyError = separator === '|';
    if (address === 'direct' || address === 'off') {
      // Nothing behind them is asked.
      entries.push({ address, onAnyError: false });
      break;
    }
    entries.push({ address: whole(address), onAnyError });
  }
  if (entries.length === 0) throw new ProxyListError('GOPROXY names no proxy');
  return entries;
}

function whole(given: string): string {
  const bare = /[.:/]/.test(given) && !given.includes(':/') && !isAbsolute(given);
  const text = bare ? `https://${given}` : given;
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

/** An answer to a request for something of a module. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  /** Where the body came from, for messages. May hold a password: redact it. */
  readonly source: string;
}

/** Not there, in go's eyes: the next entry is asked. */
export function isNotFound({ status }: Answer): boolean {
  return status === 404 || status === 410;
}

/** How much an answer that is not what was asked for says to a person, as go weighs it. */
function rankOf({ address }: ProxyEntry, answer: Answer): number {
  if (address === 'direct') return 2;
  return isNotFound(answer) ? 0 : 1;
}

/** Asks the entries in turn as go does. Resolves to the first answer with status 200, else to the one that says most. */
export async function walk(
  list: readonly ProxyEntry[],
  ask: (entry: ProxyEntry) => Promise<Answer>,
): Promise<Answer> {
  let best: Answer | undefined;
  let bestRank = -1;
  for (const entry of list) {
    // One after the other: the next is asked where this one has it not.
    // oxlint-disable-next-line no-await-in-loop
    const answer = await ask(entry);
    if (answer.status === 200) return answer;
    const rank = rankOf(entry, answer);
    if (rank >= bestRank) {
      best = answer;
      bestRank = rank;
    }
    if (!entry.onAnyError && !isNotFound(answer)) break;
  }
  return best ?? { status: 404, body: Buffer.from('not found'), source: '' };
}
