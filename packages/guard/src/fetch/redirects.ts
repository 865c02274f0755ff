/*
 * The one rule for redirects: at most ten, only between http and https, and never from https to http unless a hash pins the bytes.
 * The caller says for each address which credentials it gets.
 */

const MAX_HOPS = 10;

/** The answer leads to no file, and the next try would lead there too. */
export class RedirectError extends Error {}

/** One answer, which may be a redirect. */
interface Hop<Answer> {
  readonly answer: Answer;
  readonly status: number;
  readonly location: string | null | undefined;
  /** Leaves the body unread. */
  readonly drop: () => void;
}

export interface FollowOptions<Answer> {
  /** @param hop 0 for the first address. */
  readonly send: (url: URL, hop: number) => Promise<Hop<Answer>>;
  /** Whether a hash pins the bytes, so that nobody between can change them. */
  readonly isPinned?: boolean;
}

/** The first answer that is no redirect, and its address. @throws RedirectError */
export async function follow<Answer>(
  firstUrl: URL,
  { send, isPinned = false }: FollowOptions<Answer>,
): Promise<{ readonly url: URL; readonly answer: Answer }> {
  let url = firstUrl;
  for (let hop = 0; hop <= MAX_HOPS; hop += 1) {
    if (!/^https?:$/.test(url.protocol)) throw new RedirectError('not an http or https address');
    // oxlint-disable-next-line no-await-in-loop -- the next address is in the answer
    const { answer, status, location, drop } = await send(url, hop);
    const isRedirect = status >= 300 && status < 400;
    if (!isRedirect || location === null || location === undefined) return { url, answer };
    drop();
    if (!URL.canParse(location, url.href))
      throw new RedirectError('it redirects to what is not an address');
    const nextUrl = new URL(location, url);
    if (url.protocol === 'https:' && nextUrl.protocol !== 'https:' && !isPinned)
      throw new RedirectError('it redirects from https to another protocol');
    url = nextUrl;
  }
  throw new RedirectError(`it redirects more than ${MAX_HOPS} times`);
}
