/** XML, as far as our own pictures go: a test that a text is well-formed, without a library. */

const TAG = /<(\/?)([A-Za-z]+)(?:\s+[\w:-]+="[^"<]*")*\s*(\/?)>/g;

/** What keeps a text from being well-formed; empty for one that is. */
export function flawsOf(xml: string): string[] {
  const flaws: string[] = [];
  const open: string[] = [];
  for (const [, slash, name = '', self] of xml.matchAll(TAG)) {
    if (slash) {
      const last = open.pop();
      if (last !== name) flaws.push(`</${name}> closes <${last ?? ''}>`);
    } else if (!self) open.push(name);
  }
  flaws.push(...open.map((name) => `<${name}> is open at the end`));
  const rest = xml.replaceAll(TAG, '');
  const stray = /[<>]|&(?!amp;|lt;|gt;|quot;)|[^\P{Cc}\n]|[\p{Cf}\p{Cs}]/u.exec(rest);
  if (stray !== null) flaws.push(`${JSON.stringify(stray[0])} is in the text`);
  return flaws;
}
