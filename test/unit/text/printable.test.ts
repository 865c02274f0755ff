import { expect, it } from 'vitest';
import { printable, printablePath, quote } from '@tarwarden/core/text';

it.each([
  ['##vso[task.setvariable variable=X]y', String.raw`#\x23vso[task.setvariable variable=X]y`],
  ['a ##VSO[x]', String.raw`a #\x23VSO[x]`],
  ['##[add-path]x', String.raw`#\x23[add-path]x`],
  ['###[x]', String.raw`##\x23[x]`],
  ['#\uFE0F#v\uFE0Fso[x]', '#\uFE0F\\x23v\uFE0Fso[x]'],
  ['#\u034F#\u180B[x]', '#\u034F\\x23\u180B[x]'],
  ['::stop-commands::x', String.raw`\x3a:stop-commands::x`],
  ['a\n \u3000::add-mask::x', `a\\n \u3000${String.raw`\x3a:add-mask::x`}`],
  [
    'Foo::Bar::baz, http://[::1]:4873/, std::error::x, ::, ::1',
    'Foo::Bar::baz, http://[::1]:4873/, std::error::x, ::, ::1',
  ],
  ['## a heading, #[x], ##vs', '## a heading, #[x], ##vs'],
])('what CI services take for a command is none any more: %s', (text, shown) => {
  expect(printable(text)).toBe(shown);
  expect(quote(text)).toBe(`"${shown}"`);
});

it('shows a path of every length that a file system takes', () => {
  const path = `/${'a'.repeat(4000)}\u001B[2J`;
  expect(printablePath(path)).toBe(`/${'a'.repeat(4000)}${String.raw`\x1b[2J`}`);
  expect(printablePath(path.repeat(2))).toHaveLength(4096 + 4);
});
