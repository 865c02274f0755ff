import { expect, it } from 'vitest';
import { printable, quote } from '@tarwarden/core/text';

it.each([
  ['##vso[task.setvariable variable=X]y', String.raw`#\x23vso[task.setvariable variable=X]y`],
  ['a ##VSO[x]', String.raw`a #\x23VSO[x]`],
  ['##[add-path]x', String.raw`#\x23[add-path]x`],
  ['###[x]', String.raw`##\x23[x]`],
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
