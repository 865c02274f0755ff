/*
 * Reads the links of an index page in HTML. Each client repairs broken HTML in its own way, so a broken tag could hide a file from the
 * audit and not from pip. Such a page is an error. Links in comments and scripts count as well. Each character is read a fixed number of times.
 */
import { decodedHtml } from '@tarwarden/core/text';

export interface LinkTag {
  readonly name: 'a' | 'base';
  /** Decoded, by name in lower case. The first attribute of a name counts, as it does for pip. */
  readonly attributes: ReadonlyMap<string, string>;
}

const START = /<(a|base)(?=[\s/>])/gi;

/** One attribute, with the space before it. Its parts end at different characters, so no text matches in several ways. */
const ATTRIBUTE =
  /[\s/]+([^\s/>"'<=\0]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'<`]+)))?(?=[\s/>])/y;

const END = /[\s/]*>/y;

/** @throws Error for a tag that clients may read in several ways. */
export function* linkTags(page: string): Generator<LinkTag> {
  for (const start of page.matchAll(START)) {
    const name = start[1]!.toLowerCase() as LinkTag['name'];
    yield { name, attributes: attributesFrom(page, start.index + start[0].length) };
  }
}

function attributesFrom(page: string, from: number): Map<string, string> {
  const found = new Map<string, string>();
  let at = from;
  for (;;) {
    ATTRIBUTE.lastIndex = at;
    const match = ATTRIBUTE.exec(page);
    if (match === null) break;
    at = ATTRIBUTE.lastIndex;
    const [, name = '', double, single, bare] = match;
    const key = name.toLowerCase();
    if (!found.has(key))
      found.set(key, decodedHtml(double ?? single ?? bare ?? '', refuseReference));
  }
  END.lastIndex = at;
  if (!END.test(page)) throw new Error('its page has a link that clients read in several ways');
  return found;
}

/** Indexes have no reason to write other references, and clients could read them in several ways. */
function refuseReference(reference: string): never {
  throw new Error(`its page has a link with ${JSON.stringify(reference)}, which is not read`);
}
