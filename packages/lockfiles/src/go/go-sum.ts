/* Reads go.sum: `module version h1:…` for the zip of a module, and the same with `version/go.mod` for that file alone. */
import type { Collector } from '../collector.ts';

const LINE = /^(\S+) (v[^\s/]+)(\/go\.mod)? (h1:[A-Za-z0-9+/]{43}=)$/;

export function readGoSum(text: string, to: Collector): void {
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.replace(/\r$/, '').trim();
    if (content === '') continue;
    const line = index + 1;
    const [, name, version, isModFile, value] = LINE.exec(content) ?? [];
    if (name === undefined || version === undefined || value === undefined) {
      to.problem(line, 'this line is not one that go writes');
    } else if (isModFile === undefined) {
      to.add({
        ecosystem: 'go',
        name,
        version,
        source: { type: 'registry' },
        integrity: { type: 'go-h1', value },
        line,
        key: `${name} ${version}`,
      });
    }
  }
}
