/** What the settings of bun say, by bun's own behaviour and by our reader. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bunfigTables } from '@tarwarden/clients/settings';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBun } from '../../support/settings-readers/bun.ts';
import { available, runtimeFolder } from '../../support/managers.ts';
import { files, variables, type BunRow } from '../../support/settings/bun-rows.ts';
import { notKnown, npmrcs, tables } from '../../support/settings/bun-texts.ts';
import { BunAsker, ELSEWHERE, MANIFEST, type BunAnswer } from '../../support/settings/bun.ts';

describe.skipIf(!available('bun').ok)('the settings of bun', () => {
  const asker = new BunAsker();
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tarwarden-settings-'));
  });
  afterAll(async () => {
    await asker[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  let count = 0;
  const placed = ({ files: texts = {}, env = {}, cwd = 'project' }: BunRow) => {
    const root = join(folder, String(count++));
    for (const name of ['home', cwd]) mkdirSync(join(root, name), { recursive: true });
    for (const [path, text] of Object.entries({ 'project/package.json': MANIFEST, ...texts })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const variablesOf = Object.entries(env).map(([name, value]) => [
      name,
      value?.replace('%', root),
    ]);
    return { folder: root, env: Object.fromEntries(variablesOf) as Record<string, string>, cwd };
  };

  const whole = (says: BunAnswer): BunAnswer =>
    says === 'refused'
      ? says
      : { registry: ELSEWHERE, '@s': ELSEWHERE, '@t': ELSEWHERE, authorization: '', ...says };

  describe.each([
    ['files', files],
    ['variables', variables],
    ['a bunfig', tables],
    ['an .npmrc', npmrcs],
  ])('%s', (_, rows) => {
    test.each(rows)('%s', async (__, row) => {
      const written = placed(row);
      const says = whole(row.says);
      expect(await asker.ask(written)).toEqual(says);
      expect(readBun(written)).toEqual(says);
    });
  });

  test.each(notKnown)('our reader does not claim to know: %s', async (_, row) => {
    const written = placed(row);
    expect(await asker.ask(written)).toEqual(whole(row.says));
    expect(readBun(written)).toBe('refused');
  });

  test('TOML is what bun takes it for', () => {
    const texts = [
      'a=1\na=2',
      'a.b=1\na.c=2',
      'a="\\u00e9\\U0001F600\\x41\\e"',
      '﻿a=1',
      'a=1\r\nb=2',
      'a=1\rb=2',
      '[a]\nb=1\n[a]',
      'a={b=1,}',
      'a={\nb=1\n}',
      '[a.b]\nc=1\n[a]\nd=2',
      'a={b=1}\na.c=2',
      '[[a]]\n[[a]]',
      'a="\\q"',
      'a="\\/"',
      'a="x" b=1',
      'a=x',
      'é=1',
      '""=1',
      '=1',
      'a=01',
      'a=1__0',
      'a=9007199254740993',
      "a='''x''''",
      'a="""x"" """',
      'a="""\\\n x"""',
      'a="x	y"',
      'a="xy"',
      '#',
      'a="\\ud800"',
      '{"a":1}',
      'a: 1',
      '; c\na=1',
      'a=1;',
      'a=null',
      'a=True',
      'a=0x1F',
      'a=1e3',
      'a=+1',
      '1=2',
      'a . b=1',
    ];
    const script = `console.log(JSON.stringify(${JSON.stringify(texts)}.map((text) => { try { return Bun.TOML.parse(text); } catch { return 'refused'; } })))`;
    const bun = join(runtimeFolder('bun'), 'bin/bun.exe');
    const answers = JSON.parse(
      execFileSync(bun, ['-e', script], { cwd: folder, encoding: 'utf8' }),
    ) as unknown[];
    const ours = texts.map((text): unknown => {
      try {
        return bunfigTables(text.replace(/^\uFEFF/, ''));
      } catch {
        return 'refused';
      }
    });
    expect(texts.map((text, index) => [text, ours[index]])).toEqual(
      texts.map((text, index) => [text, answers[index]]),
    );
  });
});
