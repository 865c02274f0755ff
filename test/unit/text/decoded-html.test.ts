import { expect, it } from 'vitest';
import { decodedHtml } from '../../../packages/core/src/text/decoded-html.ts';

const decoded = (text: string): string => decodedHtml(text, (reference) => `[${reference}]`);

it.each([
  ['a&amp;b&#38;&#x26;&AMP;', 'a&b&&&'],
  ['&lt;&gt;&quot;&apos;', `<>"'`],
  ['&#0;&#x110000;&#9999999;', '[&#0;][&#x110000;][&#9999999;]'],
  ['&nbsp;&constructor;', '[&nbsp;][&constructor;]'],
  ['&amp a&b;c&;', '&amp a[&b;]c&;'],
])('%s becomes %s', (text, expected) => {
  expect(decoded(text)).toBe(expected);
});
